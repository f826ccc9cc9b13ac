/**
 * Every sentence of the page in English. PyTorch's terms of art stay as PyTorch spells them. `page` and the headings and texts of
 * `sections`, which stand on the page in this order, also fill index.html when the page is built.
 */

/** 'row 4', 'rows 2 and 3', 'rows 1, 2 and 3'. */
function rowList(rows) {
  const last = rows[rows.length - 1];
  if (rows.length === 1) return `row ${last}`;
  return `rows ${rows.slice(0, -1).join(', ')} and ${last}`;
}

const capital = (text) => text[0].toUpperCase() + text.slice(1);
const are = (rows) => (rows.length === 1 ? 'is' : 'are');
const were = (count) => (count === 1 ? 'was' : 'were');

export const en = {
  name: 'English',
  page: {
    title: 'nn.Embedding, row by row',
    description: 'What a PyTorch embedding layer does, in figures to try: lookup, padding_idx, max_norm, sparse gradients, optimisers, in numbers that PyTorch would print.',
    skip: 'Skip to the first figure',
    lede: 'An embedding layer is a table, and a lookup copies rows out of it. This page runs such a layer, compiled from C to WebAssembly, so every number below is one that PyTorch would print.',
    footer: 'Nothing on this page leaves your computer: the layer, its table and its numbers are inside this one file.',
  },

  frame: {
    sections: 'Sections',
    language: 'Language',
    theme: 'Theme',
    waiting: 'The figure appears here once its script has started. It needs JavaScript and WebAssembly.',
    predict: 'Predict',
    right: 'Right.',
    wrong: 'Not so.',
    notice: 'Notice',
    mistakes: 'Common mistakes',
    teachers: 'For teachers',
    engineers: 'For engineers',
    link: 'Link to what is shown',
  },

  themes: { auto: 'Auto', light: 'Light', dark: 'Dark' },

  failure: {
    heading: 'The layer could not start',
    noWebAssembly: 'This browser has no WebAssembly, or it is switched off, so the figures cannot be computed. The text of the page is still complete.',
    blocked: 'This browser refused to compile the WebAssembly module. If the page is embedded, its host has to allow it with \'wasm-unsafe-eval\' in the script-src of its Content-Security-Policy. The text of the page is still complete.',
    said: 'The browser said:',
  },
  code: {
    heading: 'The same in code',
    pytorch: 'PyTorch',
    javascript: 'JavaScript',
    prints: 'Both print',
    printsNothing: 'Neither prints anything',
    copy: 'Copy',
    copyLong: (name) => `Copy the ${name} program`,
    copied: 'Copied',
    selected: 'Selected: press Ctrl or ⌘ and C',
    region: (name) => `${name}, scrolls sideways`,
    core: (functions) => `In the C core: ${functions}.`,
    pytorchError: 'IndexError: index out of range in self',
  },

  call: {
    errorLead: 'The call fails and nothing changes.',
  },

  indices: {
    label: 'indices',
    index: (position) => `index at position ${position}`,
    remove: (position, value) => `remove index ${value} at position ${position}`,
    add: 'Add an index',
  },

  grid: {
    row: 'row',
    none: 'no entry',
    times: (count) => `×${count}`,
    cell: (row, column, text) => `row ${row}, column ${column}${text ? `: ${text}` : ''}`,
    rowSummary: (row, texts) => `row ${row}: ${texts.join(', ')}`,
  },

  sections: {
    'max-norm': {
      short: 'max_norm',
      heading: 'max_norm rewrites the rows you look up, and only those',
      text: ['If a looked-up row is longer than max_norm, the layer shortens it in its own table, straight toward the origin, and then copies it out. A row that no index names stays as it is, however long. norm_type says how length is measured, and so which shape the border has.'],
      notice: [
        'The row changes in the table, not only in the output: forward has a side effect, in evaluation mode too.',
        'The move follows the ray to the origin. It is not the nearest point of the border, except for the circle.',
        'Rows inside are left alone. max_norm does not bring rows to length max_norm; it only limits.',
        'Gradients are not clipped. After an optimiser step a row can be outside again, until the next lookup.',
      ],
      plane: {
        label: 'The table as points in the plane. Tab to a row and move it with the arrow keys, or in larger steps with Shift.',
        row: (row) => `row ${row}`,
        padTag: 'padding_idx',
        point: 'movable row',
        ball: (norm, limit) => `Inside the border: ${norm}-norm ≤ ${limit}`,
        noBall: 'max_norm is off: no border',
        axes: ['first number', 'second number'],
        caption: 'Drag a row, or focus it and use the arrow keys.',
      },
      legend: {
        heading: 'Marks',
        used: 'looked up',
        before: 'where it was before the call',
        idle: 'not looked up',
        outside: 'outside and not looked up: stays',
        pad: 'padding row: no gradient',
      },
      call: {
        heading: 'The call',
        hint: 'Repeats are fine. Try 6 or −1 to see the error.',
        lookUp: 'Look up',
        lookUpAgain: 'Look up again',
        undo: 'Undo',
        reset: 'Reset',
      },
      options: {
        heading: 'The layer’s options',
        none: 'None',
        paddingIdx: 'padding_idx',
        paddingRow: (row) => `row ${row}`,
        maxNorm: 'max_norm',
        maxNormOn: 'On',
        maxNormSlider: 'max_norm slider',
        maxNormValue: (limit) => `max_norm = ${limit}`,
        maxNormOff: 'max_norm is off',
        normType: 'norm_type',
        normTypeSlider: 'norm_type slider, logarithmic',
        normTypeValue: (norm) => `p = ${norm}`,
        normTypeInfinite: 'p is infinity; move to leave it',
        normTypeChoices: 'Common values of norm_type',
        infinity: 'infinity',
        ballShape: { 0.5: 'p = ½, a star', 1: 'p = 1, a diamond', 2: 'p = 2, a circle', 3: 'p = 3, a rounded square', Infinity: 'p = ∞, a square' },
        redo: 'Changing an option repeats the call from the table it began with. Editing a row or an index waits for the next lookup.',
      },
      table: {
        caption: 'embedding.weight',
        row: 'row',
        values: ['first', 'second'],
        cell: (row, column) => `row ${row}, ${column === 0 ? 'first' : 'second'} number`,
        norm: (norm) => `${norm}-norm`,
        fate: 'in this call',
        times: (count) => `×${count}`,
        timesLong: (count) => `looked up ${count} times`,
        lookedUp: 'looked up',
        pad: 'pad',
        rescaled: 'rescaled',
        copied: 'inside, copied',
        copiedUnlimited: 'copied',
        waiting: 'inside, will be copied',
        waitingUnlimited: 'will be copied',
        willRescale: 'outside, will be rescaled',
        failed: 'unchanged: the call fails',
        stays: 'outside, stays',
        idle: 'not looked up',
        arrow: 'becomes',
      },
      status: {
        /** After a call. `total` counts distinct rows; `repeated` are rescaled rows that occur more than once. */
        called({ rescaled, total, outside, repeated, maxNorm }) {
          if (total === 0) return 'The call has no indices, so its output has no rows.';
          const looked = total === 1 ? 'looked-up row' : 'looked-up rows';
          if (maxNorm === null) return `max_norm is off: ${total} ${looked} copied, none rescaled.`;
          const stays = outside.length === 0 ? '' :
            `; ${rowList(outside)} ${are(outside)} outside but ${were(outside.length)} not looked up`;
          const once = repeated.length === 0 ? '' :
            ` ${capital(rowList(repeated))} occur${repeated.length === 1 ? 's' : ''} more than once in the call and ${were(repeated.length)} rescaled once.`;
          return `${rescaled.length} of ${total} ${looked} ${were(rescaled.length)} rescaled${stays}.${once}`;
        },
        /** Before a call. `rescaled` are the rows that it would rescale. */
        ready({ rescaled, total, outside, maxNorm }) {
          if (total === 0) return 'The call has no indices yet.';
          if (maxNorm === null) return 'Not looked up yet. max_norm is off, so the call will only copy.';
          const stays = outside.length === 0 ? '' : ` ${capital(rowList(outside))} ${are(outside)} outside, and no index names ${outside.length === 1 ? 'it' : 'them'}.`;
          if (rescaled.length === 0) return `Not looked up yet. Every row in the call is inside, so the call will only copy.${stays}`;
          return `Not looked up yet. ${capital(rowList(rescaled))} ${are(rescaled)} in the call and outside the border.${stays}`;
        },
        moved: (row, values, norm) => `row ${row}: ${values.join(', ')}; norm ${norm}`,
        undone: 'Undone.',
        reset: 'Reset to the first state.',
        failed: (text) => `The call fails and nothing changes. ${text}`,
      },
      code: {
        notYet: 'Look up to see the output. Until then the table is',
        unchanged: 'JavaScript: the table after the failed call is the table before it',
        unchangedRenorm: 'JavaScript: the table after the failed call is the table before it.\n# PyTorch may have rescaled some of its rows before it came to the bad index.',
      },
    },
    optimizers: {
      short: 'optimisers',
      heading: 'Training moves rows, and optimisers disagree about who moves',
      text: [
        'A batch gives a gradient to the rows that it looks up, and zero to all others. What becomes of the others is up to the optimiser: one leaves them alone, another keeps them moving on what it remembers, and weight decay shrinks the whole table.',
        'Here several optimisers train the same table on the same batches. Each step pulls a word and its neighbour together and pushes a third word away.',
      ],
      captions: {
        corpus: 'SGD, Adagrad and SparseAdam draw blocks only: a row that the batch does not name stays where it is. SGD with momentum and Adam draw a line behind every block: a row that was looked up once goes on moving in steps that do not name it. The padding row is named now and then, and never moves: that is the empty frame.',
        drift: 'Row 1 is looked up in step 1 and never again. SGD, Adagrad and SparseAdam leave it there. SGD with momentum and Adam carry it on, 20 steps without a gradient. AdamW moves every row in every step: rows 3 and 4, which no batch names, and the padding row, which was given a value here so that its decay shows.',
      },
      predict: {
        question: 'A row is looked up in step 1 and never again. Which optimiser still changes it in step 20?',
        answers: ['SGD', 'SparseAdam', 'Adam'],
        right: 2,
        explanation: 'Adam moves along an average of past gradients. A zero gradient only makes that average smaller, so the row coasts on; SGD with momentum does the same. SGD and SparseAdam change the rows of the batch and no others. Choose “row 1 once, then only row 2” to see it.',
      },
      notice: [
        'Touch row 1 once, then only row 2: SGD, Adagrad and SparseAdam leave row 1 where its one step put it. SGD with momentum and Adam keep moving it.',
        'In 21 steps Adam carries a row that was looked up once 5.4 learning rates far. SparseAdam moves it exactly one.',
        'AdamW’s weight decay multiplies the whole table in every step, also rows that no batch ever names, also the padding row. A padding row of zeros stays zero, since a part of nothing is nothing.',
        'The padding row can be looked up without moving: its gradient is zero. That protects it from SGD, not from weight decay.',
        'SGD without momentum and SparseAdam give the same picture of who moves, and still go to different places: SparseAdam divides by the size of the gradients, so a small gradient moves a row as far as a large one.',
      ],
      mistakes: [
        ['A zero gradient means that the row does not move', 'That is so for SGD without momentum and without weight decay, and for Adagrad. Momentum and Adam’s averages remember earlier gradients, and decay needs none.'],
        ['SparseAdam is Adam, only faster', 'It is another rule. Adam lets the averages of absent rows fade and moves these rows; SparseAdam leaves both alone. The tables differ from the first step on in which a row is absent that was there before.'],
        ['Adagrad has one learning rate for the layer', 'It has one for each number of the table: the rate falls with the squared gradients which that number has seen, so rows of rare words keep a large one.'],
        ['A new row starts with the same small step as all others', 'Not with SparseAdam. Its bias correction counts the steps of the whole table, so a row seen for the first time in step 10 moves 0.48 learning rates, and one in step 5,000 moves 3.15.'],
      ],
      teachers: [
        'Ten minutes, at the board first: row 1 gets the gradient once, and zero for 20 steps. What do SGD, SGD with momentum 0.9 and Adam do with it? Then choose “row 1 once, then only row 2” and compare. Ask why momentum takes the row about nine times as far as its first step did.',
        'Show AdamW and set the seed to another number. Which rows move that no batch names? Which way do they move? Ask what 10,000 steps would do to a word that never occurs.',
        'Take the corpus, SGD and Adam, and a learning rate of 0.01, then 0.5. Which of the two cares more about the rate, and why does the raster stay the same?',
      ],
      engineers: [
        'Who moved is decided by torch.equal, row by row, before and after step(). Nothing is compared with a tolerance.',
        'With sparse=True, SGD, Adagrad and SparseAdam write the rows of the batch only, so a step costs as much as the batch and not as much as the table. Adam and AdamW refuse sparse gradients. Momentum needs a buffer as large as the table, also with sparse=True.',
        'SparseAdam keeps one step count for the tensor, and none for each row. The bias correction of a late row is therefore nearly 1, while its averages start at zero: its first step grows to (1 − 0.9) / √(1 − 0.999) = 3.16 learning rates.',
        'Adagrad gives the same numbers for dense and for sparse gradients here, since a row without gradient adds zero to its sum and moves by zero.',
        'If rows must not drift, use sparse=True with SGD, Adagrad or SparseAdam. Setting a row back after each step also works; a hook that zeroes its gradient does not.',
        'The loss of the corpus is the pseudo-Huber distance of a similarity, the mean of the products, from 1 for the near word and from −1 for the far one. It needs no exponential and no logarithm, whose last bit differs between machines, so these tables equal PyTorch’s in every digit after 200 steps too.',
      ],
      controls: {
        step: 'Step',
        play: 'Play',
        pause: 'Pause',
        run: 'Run 30 steps',
        reset: 'Reset',
        steps: 'steps made',
        stepsValue: (steps) => (steps === 1 ? '1 step' : `${steps} steps`),
        preset: 'Batches',
        presets: { corpus: 'a corpus of 12 words', drift: 'row 1 once, then only row 2' },
        lr: 'learning rate',
        lrValue: (lr) => `lr = ${lr}`,
        which: 'Optimisers',
        more: 'More: dimensions, gradients, seed',
        dim: 'embedding_dim',
        plain: '2',
        projected: '16, through PCA',
        grads: 'gradients',
        gradsChoices: { own: 'what each takes', dense: 'all dense', sparse: 'all sparse' },
        seed: 'seed of the table',
      },
      pad: 'pad',
      row: (row) => `row ${row}`,
      panel: {
        gradients: (sparse) => (sparse ? 'sparse=True' : 'dense'),
        refuses: 'It refuses the first step.',
        plane: (label, steps, moved, rows) => `${label} after ${steps === 1 ? '1 step' : `${steps} steps`}: the table as ${rows} points; ${moved} moved in the last step`,
        noneYet: 'No step yet',
        moved: (moved, rows, drifted) => `${moved} of ${rows} rows moved, ${drifted === 0 ? 'none' : drifted} without being looked up`,
        away: (rows) => `${rows === 1 ? '1 row has' : `${rows} rows have`} run out of the plane: the learning rate is too large.`,
        way: 'Row 1 has come',
        raster: (label, moment, steps) => (moment === null ? `${label}: who moved, no step yet` :
          `${label}: who moved. Step ${steps} looked up ${rowList(moment.touched)} and moved ${moment.moved.length === 0 ? 'no row' : rowList(moment.moved)}`),
        step: (step) => `step ${step}`,
        loss: 'mean loss of all batches',
        lossLabel: (first, last) => `Mean loss of all batches: from ${first} to ${last}`,
      },
      legend: {
        plane: 'Marks of the planes',
        raster: 'Marks of who moved',
        touched: 'looked up in this step',
        moved: 'moved in this step',
        stayed: 'did not move',
        pad: 'padding row',
        trail: 'the last 30 steps',
        block: 'looked up and moved',
        drift: 'moved without being looked up',
        still: 'looked up, did not move',
      },
      status: {
        batch({ steps, batch, corpus }) {
          if (steps === 0) return 'No step yet: all tables are equal.';
          const [word, near, far] = corpus.names ? batch.map((row) => corpus.names[row]) : batch;
          if (batch.length === 1) return `Step ${steps} looks up row ${word}, and pulls it to the origin.`;
          return `Step ${steps} looks up ${word}, ${near} and ${far}, pulls ${word} and ${near} together and ${far === 'pad' ? 'pushes nothing away' : `pushes ${far} away`}.`;
        },
        said({ steps, panels }, label) {
          if (steps === 0) return 'No step yet: all tables are equal.';
          return `After step ${steps}: ${panels.map(({ name, now, drifted, error }) => (error !== null ? `${label(name)} refuses the gradients` :
            `${label(name)} moved ${now.moved.length === 1 ? '1 row' : `${now.moved.length} rows`}${drifted.length === 0 ? '' : `, ${drifted.length} of them not looked up`}`)).join('; ')}.`;
        },
        atEnd: (most) => `This is step ${most}, the last. Reset to begin again.`,
      },
      projection: (share) => `The planes show 16 dimensions through two: the principal components of these tables after 60 steps, which hold ${share} of their variance. The axes stay, so a point moves only where its row does.`,
      firstTouch: {
        heading: 'SparseAdam’s first step of a row depends on how many steps the table has seen',
        step: 'first looked up in step',
        moves: 'moves by, in learning rates',
        caption: 'The dashed line is one learning rate. Rare words, which come late, start with steps three times as long.',
      },
      table: {
        choose: 'Numbers and program of',
        heading: (label, steps) => `The table of ${label} after ${steps === 1 ? '1 step' : `${steps} steps`}, in numbers`,
        region: 'The table in numbers, scrolls sideways',
        moved: 'in this step',
        pad: 'pad',
        yes: 'moved',
        drifted: 'moved, not looked up',
        no: 'did not move',
      },
    },
  },
};
