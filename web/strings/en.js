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
    'padding-idx': {
      short: 'padding_idx',
      heading: 'padding_idx starts at zero and gets no gradient. That is all it promises',
      text: [
        'Sentences in a batch are filled up to one length, and the filler needs a row like any word. padding_idx says which. Two things follow, and only two: the constructor sets that row to zero, and the layer’s backward leaves it out. The row is not locked and the filler is not masked: a lookup returns whatever the row holds.',
      ],
      caption: 'Each step shows the row before and after, and beside it the gradient: what arrives at the output, and what the row gets. No gradient gets through, so plain training leaves the row alone. Weight decay, max_norm and your own writes need no gradient, and they change it.',
      captionNone: 'Without a padding row, row 0 is a row like any other: it starts as drawn, its gradient reaches it, and every training step moves it.',
      predict: {
        question: 'The row now holds [0.95, 1.9, 2.85, 3.8], a vector of norm 5.2. A layer with padding_idx=0 and max_norm=1 looks it up. What happens?',
        answers: ['Nothing: it is the padding row', 'The output is shortened, the table is not', 'The row is shortened in the table'],
        right: 2,
        explanation: 'max_norm knows no padding row: it shortens every row that is looked up and too long, in the table itself. Press “look up with max_norm = 1” to see it.',
      },
      notice: [
        'The constructor draws all rows from N(0, 1) and then sets the padding row to zero. It happens once: an initialiser that runs later, such as nn.init.normal_, fills the row again.',
        'In a training step a gradient of ones arrives at the output for every position. For the padding row none of it reaches weight.grad.',
        'A padding row of zeros stays zero under weight decay, since there is nothing to shrink. The decay shows only once the row holds something else.',
        'from_pretrained takes the table as it is. It zeroes nothing, with padding_idx or without.',
        'padding_idx=-1 means the last row, and the layer prints it as 4. A lookup of -1 is an error all the same.',
      ],
      mistakes: [
        ['The padding row is always zero', 'Only after the constructor. Assigning weight, an initialiser, from_pretrained or a write leave other numbers there, and a lookup returns them. This has been reported as a bug again and again (PyTorch issues #1812, #6411 and #6495). To have zeros, write them last: embedding.weight.data[embedding.padding_idx].zero_().'],
        ['Padding is masked out', 'That would be Keras’s mask_zero. Here a lookup copies the row, and its numbers enter every sum, mean, maximum and attention that follows. Mask them there: a mask, key_padding_mask, pack_padded_sequence, or EmbeddingBag with padding_idx. The second figure has the numbers.'],
        ['No gradient means frozen', 'The optimiser still has the row in its parameter, and weight decay works on values, not on gradients. AdamW decays by default.'],
        ['The gradient of the row is always zero', 'Only that of this lookup. If an output layer shares the weight, as in many language models, its gradient reaches the row.'],
        ['padding_idx=0 does no harm, so set it', 'It takes row 0 away from training. If index 0 is a real word or entity, that one never learns.'],
        ['Pad with -1, and padding_idx=-1 takes care of it', 'padding_idx may be counted from the back, indices may not: embedding([-1]) raises IndexError. Pad with the row’s real number.'],
      ],
      teachers: [
        'Start over and let the class predict each button before you press it, in the order write, train, weight decay, max_norm. Ask each time: who wrote to the row, and did it need a gradient?',
        'Set padding_idx to None and look at the same history. Which steps differ, and which do not? (The start and the training steps differ; write and max_norm do not.)',
        'Start over, then train with weight_decay right away. The row stays zero. Why does this hide the effect from almost everybody? When would they notice?',
        'In the second figure move the pads from 0 to 4 for sum, mean and max, with a padding row of zeros. For which of them is a zero row harmless, and why not for the other two?',
      ],
      engineers: [
        'The backward skips the positions whose index equals padding_idx; with sparse=True those entries are left out of the gradient, so looking up only padding gives nnz=0.',
        'Where the row is not zero, numerical and analytical gradients differ at that row by design; the documentation of F.embedding says so (PyTorch #93950, #99181).',
        'A negative padding_idx is turned into a row number by the constructor, which is why repr prints padding_idx=4 for -1 of 5 rows. F.embedding does the same for each call.',
        'EmbeddingBag leaves padding out of the reduction itself: mean divides by the number of the other entries, and a bag of nothing but padding is zero.',
        'To keep weight decay off the row, give the table a parameter group with weight_decay=0, or zero the row after each step.',
      ],
      pad: 'pad',
      noGrad: 'no grad',
      errorLead: 'There is no such row, so there is no layer.',
      errorHint: 'Choose another padding_idx: a row from 0 to 4, or one from −1 to −5, counted from the back.',
      full: (most) => `The history holds ${most} steps. Take some back or start over.`,
      takenBack: (left) => `Taken back. ${left} left.`,
      startedOver: 'Started over: a new layer.',
      chosen: (row, padded) => (padded ? `Row ${row} is the padding row. The history was played again.` : 'No padding row. The history was played again, and shows row 0.'),
      failed: (text) => `There is no such row. ${text}`,
      willWrite: (values) => `Writing by hand now writes ${values.join(', ')}.`,
      happened: ({ n, row, before, after, changed, verdict }) => `Step ${n}. Row ${row} ${changed ? `was ${before.texts.join(', ')} and is now ${after.texts.join(', ')}` : `is still ${after.texts.join(', ')}`}. ${verdict}`,
      timeline: {
        label: (row) => `What has happened to row ${row}, step by step`,
        event: 'what happens',
        verdict: 'outcome',
        values: (row) => `row ${row} of the table`,
        gradient: 'its gradient',
        before: { any: 'before', construct: 'drawn', pretrained: 'given' },
        after: 'after',
        rowBefore: (row) => `row ${row} before`,
        rowAfter: (row) => `row ${row} after`,
        arrives: 'arrives',
        arrivesLong: 'gradient that arrives at the output',
        gets: 'row gets',
        getsLong: (row) => `gradient that row ${row} gets`,
        around: 'through the output layer',
        noBackward: 'no backward here',
        names: {
          construct: 'construct', pretrained: 'from_pretrained', write: 'write by hand', init: 'initialise again', zero: 'zero by hand',
          train: 'train a step', decay: 'train with weight decay', adamw: 'train with AdamW', tied: 'train, output layer tied', lookup: 'look up with max_norm',
        },
      },
      verdicts: {
        construct: ({ padded }) => (padded ? 'Drawn from N(0, 1) like every row, then set to zero.' : 'Drawn from N(0, 1), like every row.'),
        pretrained: ({ padded }) => (padded ? 'Taken as it is: nothing is set to zero.' : 'Taken as it is.'),
        write: ({ padded }) => (padded ? 'The row holds what you wrote, and a lookup returns it.' : 'The row holds what you wrote.'),
        init: ({ padded }) => (padded ? 'Drawn again: an initialiser knows no padding row.' : 'Drawn again, like every row.'),
        zero: () => 'Zero, until something else writes there.',
        train: ({ changed }) => (changed ? 'Moved by its gradient.' : 'Not moved: its gradient is zero.'),
        decay: ({ padded, changed }) => (!padded ? 'Moved by its gradient and by the decay.' : changed ? 'Moved, with a gradient of zero: decay shrinks the values themselves.' : 'Not moved: decay shrinks values, and these are zero.'),
        adamw: ({ padded, changed }) => (!padded ? 'Moved by its gradient and by the decay.' : changed ? 'Moved, with a gradient of zero: AdamW decays unless told not to.' : 'Not moved: decay shrinks values, and these are zero.'),
        tied: ({ padded, changed }) => (!changed ? 'Not moved.' : padded ? 'Moved: the gradient came through the output layer, where padding_idx has no say.' : 'Moved by both gradients.'),
        lookup: ({ padded, changed }) => (!changed ? 'Not longer than max_norm, so only copied.' : padded ? 'Shortened in the table, like any row that is looked up.' : 'Shortened in the table.'),
      },
      controls: {
        heading: 'Let something happen to the row',
        fromFront: 'counted from the front',
        fromBack: 'counted from the back',
        padRow: (row, rows) => (row >= rows || row < -rows ? `${row} (no such row)` : row < 0 ? `${row} (row ${row + rows})` : String(row)),
        groups: { layer: 'New layer', write: 'Write', train: 'Train a step with SGD', lookup: 'Look up' },
        events: {
          construct: () => 'construct',
          pretrained: () => 'from_pretrained',
          write: (values) => `write [${values.join(', ')}]`,
          train: () => 'plain',
          decay: () => 'weight_decay = 0.5',
          lookup: () => 'with max_norm = 1',
          init: () => 'initialise again',
          zero: () => 'zero by hand',
          adamw: () => 'train with AdamW',
          tied: () => 'train, output layer tied',
        },
        more: 'More that can happen',
        written: 'What is written by hand',
        writtenAt: (column) => `number ${column} that is written by hand`,
        takeBack: 'Take back',
        startOver: 'Start over',
      },
      tables: {
        now: ' now',
        returns: 'returns',
        last: ' of the last training step',
        noGradient: 'no training step yet: weight.grad is None',
      },
      mean: {
        heading: 'Padding is not masked: its numbers enter sums and means',
        text: 'Two words, filled up with row 0, become one row. A lookup followed by a mean counts every row it was given. EmbeddingBag with padding_idx leaves the pads out, of the sum and of the count.',
        rows: 'Rows that are looked up',
        row: (index) => `row ${index}`,
        leftOut: 'left out',
        all: 'The pads count',
        without: 'The pads are left out',
        result: { mean: 'mean', sum: 'sum', max: 'max' },
        allNote: (mode, pads) => ({ mean: `divided by ${pads + 2}`, sum: `${pads + 2} rows added`, max: `the largest of ${pads + 2}, column by column` })[mode],
        withoutNote: (mode) => ({ mean: 'divided by 2', sum: '2 rows added', max: 'the largest of 2, column by column' })[mode],
        status({ mode, pads, zeros, equal, all, without }) {
          const numbers = `[${all.join(', ')}] and [${without.join(', ')}]`;
          if (pads === 0) return `Without pads both are the same: ${numbers}.`;
          if (equal) return `Both are the same, ${numbers}: ${mode === 'sum' && zeros ? 'adding zeros changes nothing.' : 'here the pads happen to change nothing.'}`;
          if (!zeros) return `The padding row is not zero, and its numbers are in the result: ${numbers}.`;
          if (mode === 'mean') return `The padding row is zero, and the mean still shrinks: ${numbers}.`;
          return `A zero beats every negative number: ${numbers}.`;
        },
        mode: 'How rows become one',
        pads: 'pads',
        fill: 'The padding row holds',
        code: 'The second figure in code',
      },
    },
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
  },
};
