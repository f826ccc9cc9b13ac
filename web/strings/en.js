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
      caption: 'Hollow is where a row was, filled is where the call left it in embedding.weight. Every move points at the origin and ends on the border. A cross is a row outside that no index named. Drag a row, or focus it and use the arrow keys.',
      predict: {
        question: 'max_norm is 1. Row 3 is [3, 4] and row 4 is [30, 40]. You call embedding([3]) once. What does the table hold afterwards?',
        answers: ['Both rows, shortened to norm 1', 'Row 3 shortened to norm 1, row 4 as it was', 'Both rows as they were: only the output is shortened'],
        right: 1,
        explanation: 'The call rewrites the rows that it looks up, in the table itself, and no others: row 3 becomes [0.6, 0.8] for good, and row 4 keeps its norm of 50 until somebody looks it up.',
      },
      notice: [
        'The row changes in the table, not only in the output. It happens in eval() too, with requires_grad=False, and under no_grad and inference_mode.',
        'Rows inside the border are left alone. max_norm is a limit, not a length that rows are brought to.',
        'A row that occurs twice in the call is rescaled once.',
        'A second lookup with the same indices finds nothing left to do.',
        'The padding row is treated like any other: looked up from outside the border, it is rescaled.',
      ],
      mistakes: [
        ['max_norm clips the gradient.', 'It never touches a gradient. It shortens weights, during forward. clip_grad_norm_ clips gradients.'],
        ['max_norm keeps the whole table inside the ball.', 'Only rows that are looked up, and only at that moment. Rows that no index names stay outside, and the next optimiser step may push any row out again.'],
        ['The row moves to the nearest point of the border.', 'It moves along the ray to the origin. For p = 1 and max_norm = 1.4, [2.4, 1.6] becomes [0.84, 0.56]; the nearest point would be [1.1, 0.3].'],
        ['max_norm=1 gives every row the norm 1.', 'Rows shorter than max_norm are not lengthened. To give all rows norm 1 use F.normalize on the output.'],
        ['forward has no side effects.', 'With max_norm it writes into the weight. Two calls with different indices leave two different tables.'],
      ],
      teachers: [
        'Ten minutes, on paper first. Draw the border for p = 1, 2 and ∞ with max_norm = 2, and the row [3, 4]. Where does each border cross the ray to the origin? Then choose p in the figure. Ask: which p shortens this row most, which least, and is that so for every row? (p = 1 most, p = ∞ least, since a norm never grows with p. On an axis all are equal.)',
        'Ten minutes, in pairs. Before pressing anything, one learner writes down the norm of the row after the actions look up, step, step, look up; the other tries them in the figure of the steps. Ask: at which moments is max_norm true of the table? When would you save the model?',
        'Five minutes, to find out who has it. Set the indices to [3], then to [4], then to [3, 4], and press Look up each time. Ask: which rows have moved so far, and would a different order have given another table? (3, then 4 too; no, the third call changes nothing.)',
        'For a programming class: let the class run the program of the in-place error, read the message aloud, and say which line changed what. Then add the clone. Ask: what does the clone cost, and what else would help? (A copy of the table; or look up first and multiply afterwards.)',
      ],
      engineers: [
        'The rule, in float32: scale = max_norm / (norm + 1e-7), applied only if norm > max_norm. A rescaled row therefore has max_norm up to rounding, and stays there at the next lookup.',
        'State saved right after optimizer.step() may hold rows outside the border. Look all rows up once, embedding(torch.arange(num_embeddings)), if what you export has to satisfy the limit.',
        'The lookup is an in-place write: it raises the weight’s version counter even if no row was outside. With tied weights, compute logits from embedding.weight.clone(), or after the last lookup of the step.',
        'Threads that share a layer with max_norm write to its table when they only read it. Where inference runs in parallel, look all rows up once and then set max_norm to None.',
        'For a bad index PyTorch fails in the middle of rescaling: smaller indices are done already, and −1 has even rescaled the last row. This layer checks all indices first, and a failed call changes nothing.',
        'EmbeddingBag has the same option: it rescales the rows first and then adds them up.',
      ],
      rule: {
        code: 'if norm > max_norm: row *= max_norm / (norm + 1e-7)',
        worked: ({ row, norm, maxNorm, scale, called }) => `Row ${row} ${called ? 'had' : 'has'} the norm ${norm}, more than ${maxNorm}: the call multipl${called ? 'ied' : 'ies'} it by ${maxNorm} / ${norm} = ${scale}.`,
      },
      radial: {
        heading: 'The row moves along its ray, not to the nearest point',
        text: 'All numbers of the row are multiplied by one factor, so its direction stays. The nearest point of the border is elsewhere, unless the border is a circle. Drag the row, and compare the two.',
        label: 'One row, the border, and two points of the border. Tab to the row and move it with the arrow keys.',
        row: 'The row',
        marks: ['row', 'max_norm', 'nearest'],
        inside: 'row, inside',
        number: (axis) => `${axis === 0 ? 'first' : 'second'} number of the row`,
        lands: 'ends at',
        way: 'moved by',
        byRule: 'max_norm',
        byDistance: 'nearest point',
        verdict: (p, same) => (same ? `Here the two are the same point${p === 2 ? ', as always for the circle' : ''}.` : 'max_norm keeps the direction of the row. The nearest point does not.'),
        insideLong: (p, norm) => `The row is inside: its ${p}-norm is ${norm}. max_norm leaves it alone.`,
        summary: ({ outside, row, rescaled, nearest }) => (outside ?
          `row [${row.texts.join(', ')}]: max_norm puts it at [${rescaled.texts.join(', ')}], the nearest point of the border is [${nearest.texts.join(', ')}]` :
          `row [${row.texts.join(', ')}]: inside the border, not moved`),
        caption: 'Dashed: the move of max_norm, on the ray to the origin. Solid: the shortest way to the border. Both distances are Euclidean.',
      },
      steps: {
        heading: 'A step of the optimiser can push a row out again',
        text: 'max_norm acts during the lookup, and the step comes after it. So the norm of a row in training is a saw-tooth: every step pushes, every lookup pulls back.',
        axis: 'norm of the row',
        letters: { l: 'look up', s: 'step' },
        lookedUp: 'after a lookup: inside, or brought to the border',
        outside: 'after a step: outside, until the next lookup',
        inside: 'after a step: still inside',
        step: 'SGD step',
        lookUp: 'Look up',
        ten: 'Run 10 steps',
        tenLong: 'Run 10 steps: ten times a lookup and a step',
        again: 'Start again',
        example: 'Show the example',
        full: 'The picture is full. Start again.',
        summary: ({ action, text, outside }) => `After the ${action === 'l' ? 'lookup' : 'SGD step'}: norm ${text}, ${outside ? 'outside until the next lookup' : 'not outside'}.`,
        picture: (points) => `The norm of one row with max_norm = 2. ${points.map(({ action, text, outside }) => `${action === 'l' ? 'look up' : 'step'} ${text}${outside ? ' outside' : ''}`).join(', ')}.`,
        caption: 'Three steps without a lookup carry the row further and further out; one lookup brings it back. A lookup while the row is inside changes nothing. Here max_norm is 2, lr is 0.5, and the gradient is always the same.',
      },
      gradient: {
        heading: 'The gradient is not clipped',
        text: 'max_norm = 1 made [3, 4] the output [0.6, 0.8], but the shortening is no part of the graph. Whatever gradient arrives at the output arrives at the row, unchanged and however long. Type another.',
        forward: 'The row, shortened',
        arrives: 'The gradient at the output',
        number: (axis) => `${axis === 0 ? 'first' : 'second'} number of the gradient at the output`,
        kept: 'The gradient of the row: the same',
        clipped: 'What clipping would do',
        summary: (arrives, kept) => `The gradient [${arrives.join(', ')}] arrives at the row as [${kept.join(', ')}].`,
        caption: 'max_norm limits weights, clip_grad_norm_ limits gradients. Neither does the work of the other.',
      },
      wide: {
        heading: 'With more numbers in a row, look at the norms',
        text: 'Four numbers cannot be drawn in a plane, but the rule needs no plane: it measures each looked-up row and multiplies all of its numbers by one factor.',
        label: 'embedding.weight, scrolls sideways',
        bars: (p) => `${p}-norm of each row; the line is max_norm`,
        summary: (rescaled, outside) => `${rescaled.length === 0 ? 'No row was' : `${capital(rowList(rescaled))} ${were(rescaled.length)}`} rescaled${outside.length === 0 ? '' : `; ${rowList(outside)} ${are(outside)} outside but ${were(outside.length)} not looked up`}.`,
        caption: 'Outline: the norm before the call. Filled: after it. Try another norm_type: the same rows are longer for p = 1 and shorter for p = ∞, so other rows are outside.',
      },
      inPlace: {
        heading: 'Use the weight before the call, and backward fails',
        text: 'Because forward writes into the weight, autograd may find that a value it kept for backward is gone. It happens to whoever multiplies with embedding.weight and then looks up, as with tied weights.',
        choice: 'The first product uses',
        failsBecause: [
          'weight @ W.t() keeps the weight, since the gradient of W needs it. It notes the version of the weight: 0.',
          'embedding([0]) rescales row 0 in place. The weight is at version 1 now.',
          'backward wants the weight of version 0, finds version 1, and refuses rather than compute a wrong gradient.',
        ],
        worksBecause: [
          'weight.clone() @ W.t() keeps the clone, which nobody writes to.',
          'embedding([0]) rescales row 0 in place, in the weight.',
          'backward finds the clone as it was. Gradients still reach the weight, through the clone.',
        ],
        works: 'With the clone, backward runs.',
        fails: 'Without the clone, backward fails.',
        caption: 'The other way out is to look up first and use the weight afterwards: then both products see the same, rescaled rows. With the clone, the first product has row 0 at its old length.',
      },
      odd: {
        heading: 'Odd values: do not use',
        text: 'PyTorch takes all of these without a word. The rows are what this layer makes of them, the same numbers as PyTorch’s, except for the one that it refuses.',
        columns: ['option', 'why'],
        reasons: [
          'Counts as 1.0. It stands in PyTorch’s own example.',
          'PyTorch reads 0.0 and makes every looked-up row zero. This layer refuses it.',
          'Every looked-up row becomes zero, in the table.',
          'Every norm is more than −1, so every row gets the norm 1 and the opposite sign.',
          'The 0-norm counts the numbers that are not zero: here 2, whatever their size.',
          'No norm: the smaller the smallest number, the smaller the result. A row ends longer than max_norm by any usual measure.',
        ],
      },
      plane: {
        label: 'The table as points in the plane. Tab to a row and move it with the arrow keys, or in larger steps with Shift.',
        row: (row) => `row ${row}`,
        padTag: 'padding_idx',
        point: 'movable row',
        ball: (norm, limit) => `Inside the border: ${norm}-norm ≤ ${limit}`,
        noBall: 'max_norm is off: no border',
        axes: ['first number', 'second number'],
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
        ballShape: { 0.5: 'p = ½, a star', 1: 'p = 1, a diamond', 2: 'p = 2, a circle', 3: 'p = 3, a rounded square', Infinity: 'p = ∞, a square' },
        more: 'More options',
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
  },
};
