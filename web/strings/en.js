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
    lookup: {
      short: 'Lookup',
      heading: 'Lookup copies rows, in the order and shape you ask',
      text: [
        'Each number in the index tensor is replaced by the row it names. So the output has the shape of the indices and one dimension more, which holds the row. An index may occur twice, and then its row is copied twice.',
        'A number that names no row is an error. Nothing wraps around, nothing is rounded.',
      ],
      caption: 'Change an index, or point at one, at a row or at a copy, to follow it through.',
      predict: {
        question: 'The table has 6 rows. What does embedding(torch.tensor([-1])) give?',
        answers: ['The last row, row 5', 'A row of zeros', 'An error'],
        right: 2,
        explanation: 'An embedding does not count from the end as a Python list does: its rows are 0 to 5, and −1 is none of them. Press [-1] below to see what PyTorch says. (padding_idx is the exception: there −1 does mean the last row.)',
      },
      notice: [
        'Index 2 stands twice in [2, 0, 5, 2], and row 2 comes out twice, number for number the same.',
        'The output has as many rows as there are indices; the order is that of the indices, not that of the table.',
        'Output shape = index shape + (embedding_dim,). A scalar gives one row, an empty tensor gives none.',
        'A lookup reads embedding_dim × 4 bytes for each index. The number of rows in the table does not enter.',
        'One bad index is enough: the whole call fails and no output comes out.',
      ],
      mistakes: [
        ['Negative indices count from the end.', 'They do in a Python list and in weight[-1]. In a lookup they raise IndexError: index out of range in self.'],
        ['A float index is rounded.', 'It is refused, 1.0 as well as 1.5: indices have to be of type Long or Int. Convert with .long(), and know that this cuts off the fraction.'],
        ['An index beyond the table gives the last row, or wraps around.', 'It is an error. A word that the table does not know needs a row of its own, often called <unk>.'],
        ['Lookup gets slower as the table grows.', 'It reads only the rows it was asked for. A very large table can still be slower, because its rows are seldom in the processor’s cache.'],
        ['The input has to be a list of words, or two-dimensional.', 'Any shape is fine, (batch, length) is just the usual one. Words have to become numbers before.'],
      ],
      teachers: [
        'Ten minutes on shapes: give the index shapes (), (5), (2, 3) and (0), and ask for the output shapes before anybody presses a button. What is the rule? Check with the buttons below the figure.',
        'Ask the class to write an index tensor whose output holds the same row three times, then one whose output has shape (2, 2, 4) with four different rows. How many such tensors are there?',
        'Show [-1], [6] and [1.0] one after the other. Which of the three would go through in NumPy, as weight[i]? Why might PyTorch want an error here?',
      ],
      engineers: [
        'The output is a copy: writing into it leaves the weight alone. weight[2], by contrast, is a view of the table.',
        'On a CUDA device a bad index is found by an assertion inside the kernel: the message comes late, says “device-side assert triggered”, and leaves the CUDA context unusable. Repeat the call on the CPU to read which index it was.',
        'The C core checks every index before it copies the first row, so a call that fails has written nothing, not even into out.',
        'JavaScript does not tell 1.0 from 1, so forward([1.0]) looks up row 1. What is refused is a float32 tensor, a Float32Array, or a number such as 1.5.',
        'torch.tensor([]) is a tensor of floats; an empty index tensor needs dtype=torch.long.',
      ],
      presets: 'Try an index tensor',
      presetNames: { '2,0,5,2': '[2, 0, 5, 2]', '1,2;4,3': '[[1, 2], [4, 3]]', 'scalar:3': 'scalar 3', '': 'empty []', '-1': '[-1]', 6: '[6]', '1.0': '[1.0]' },
      shape: 'Shape of the index tensor',
      addIndex: '+ index',
      removeIndex: '− index',
      addColumn: '+ column',
      removeColumn: '− column',
      addRow: '+ row',
      removeRow: '− row',
      indicesLabel: 'the index tensor',
      indexAt: (position) => `index at position [${position.join(', ')}]`,
      weightCaption: 'embedding.weight: arrow keys move, s says a row',
      outputAt: (position, row) => `output at position [${position.join(', ')}], a copy of row ${row}`,
      row: (row) => `row ${row}`,
      noIndices: 'no indices',
      noOutput: 'no rows',
      unchanged: 'JavaScript: the table after the failed call is the table before it',
      failed: 'The call fails: nothing is copied, and the table is as it was.',
      failedWith: (text) => `The call fails and nothing changes. ${text}`,
      /** `rows` in the order of the indices. */
      status({ rows, bytes, embeddingDim }) {
        if (rows.length === 0) return 'No indices, no rows: the call succeeds and its output is empty.';
        const repeated = [...new Set(rows.filter((row, n) => rows.indexOf(row) !== n))].sort((a, b) => a - b);
        const twice = repeated.length === 0 ? '' : ` ${capital(rowList(repeated))} ${repeated.length === 1 ? 'is' : 'are'} copied more than once.`;
        return `${rows.length} ${rows.length === 1 ? 'index' : 'indices'}, so ${rows.length} ${rows.length === 1 ? 'row' : 'rows'} copied.${twice} Read: ${rows.length} × ${embeddingDim} numbers × 4 bytes = ${bytes} bytes, however long the table is.`;
      },
    },
    'one-hot': {
      short: 'One-hot',
      heading: 'Lookup is a one-hot matrix times the table, without the waste',
      text: [
        'Write each index as a row of zeros with a single one, multiply by the table, and out comes the row: so an embedding layer is a linear layer without a bias. Gather reads the row straight from its place. The numbers are the same; the work is not.',
      ],
      caption: 'The table counts its entries, so that a row can be told by its numbers. Filled in grey is what has to be read: all of the table above, only the rows that are named below.',
      predict: {
        question: 'The table grows from 10 rows to 10,000, and the batch stays at 4 indices. How much more does gather have to read?',
        answers: ['1,000 times as much', 'As much as before', 'About four times as much'],
        right: 1,
        explanation: 'Gather reads one row for each index, wherever it lies. The product grows 1,000 times, since every row of the one-hot matrix is as long as the table.',
      },
      notice: [
        'The badge is computed, not painted: Tensor.equal compares the two outputs, number by number.',
        'With 10 rows and 4 indices, 160 multiplications are done, and 144 of them are by zero.',
        'At 10,000 rows the same picture costs 160,000 multiplications. The gather bar has not moved.',
        'With 10,000 rows of 64 numbers and 32 indices, the product took 9 ms and the gather 0.4 µs on the machine on which this page was made.',
        'In the product, the gradient of the table is one_hotᵀ times the gradient of the output: zero in every row that no index names.',
      ],
      mistakes: [
        ['Gather is an approximation of the one-hot product.', 'They are equal. Each sum of the product has one term that is not zero, so nothing is rounded.'],
        ['One-hot vectors are really built inside nn.Embedding.', 'They are not: the layer keeps the indices as integers and copies rows. One-hot is how one writes it down in mathematics.'],
        ['An embedding is a kind of activation, or a hash.', 'It is a linear map, applied to a one-hot vector. Nothing is squashed, and two indices never share a row.'],
        ['A linear layer on one-hot input learns something else.', 'From the same start it learns the same table, with the same gradients, only more slowly. (nn.Linear keeps it transposed and has a bias unless told otherwise.)'],
      ],
      teachers: [
        'On paper: multiply [0, 0, 1, 0] by a table of 4 rows and 2 columns. Which numbers of the table did you need? Which did the rule make you write down?',
        'Let the class guess both bars for 50,257 rows, the vocabulary of GPT-2, before the slider is moved. Then press “Run both”. Does the measured ratio agree with the counted one? Why might it not?',
        'Ask: if the two are equal, why do papers write one-hot and programs write gather? What does the product show that the lookup hides? (That the map is linear, and where the gradient goes.)',
      ],
      engineers: [
        'Equality holds as long as the table is finite: 0 · ∞ and 0 · NaN are NaN, so one such number in a row that nobody looks up spoils a column of the product, and leaves the gather alone.',
        'A stored −0.0 comes back as +0.0 from the product. Compare values, as torch.equal does, not bits.',
        'F.one_hot gives int64 in PyTorch and needs .float(); functional.oneHot gives float32 at once.',
        'Counted for the product: batch × rows × 4 multiply-adds; one_hot and weight, each read once. For the gather: the indices, and one row each. Building the one-hot matrix comes on top and is part of the time that is measured.',
        'The measured gather is mostly the call itself: crossing into WebAssembly and making a tensor cost more than the copy.',
      ],
      count: (number) => number.toLocaleString('en'),
      duration: (milliseconds) => (milliseconds < 1 ?
        `${(milliseconds * 1000).toLocaleString('en', { maximumSignificantDigits: 2 })} µs` : `${milliseconds.toLocaleString('en', { maximumSignificantDigits: 2 })} ms`),
      matmulTitle: 'One-hot × matrix',
      gatherTitle: 'Gather',
      matmulShort: 'one-hot × matrix',
      gatherShort: 'gather',
      oneHotLabel: (ones, n) => `one-hot matrix of ${ones.length} rows and ${n} columns: zeros, and ones in the columns ${ones.join(', ')}`,
      readAll: (n) => `all ${n.toLocaleString('en')} rows are read`,
      readSome: (count, n) => `${count} of ${n.toLocaleString('en')} rows ${count === 1 ? 'is' : 'are'} read`,
      row: (index) => `row ${index}`,
      more: (count) => `and ${count} more`,
      equal: 'True: the same numbers',
      unequal: 'False: the numbers differ',
      costs: 'What it costs, on a logarithmic scale',
      multiplyAdds: 'multiply-adds',
      bytesRead: 'bytes read',
      time: 'time per call, measured here',
      scale: 'Counted from the shapes. A whole bar is 10 million; each tenfold is a seventh of it.',
      controls: 'Sizes',
      rows: 'Rows of the table',
      sayRows: (n) => `${n.toLocaleString('en')} rows`,
      batch: 'Indices in the batch',
      sayBatch: (b) => `${b} ${b === 1 ? 'index' : 'indices'}`,
      run: 'Run both',
      running: 'Running…',
      runHint: 'Measures both ways on your machine, for less than a second. Nothing is timed before you press.',
      outdated: 'Measured, but the sizes have changed since. Run again.',
      ran: ({ matmul, gather }) => `Measured on this machine: one-hot and product ${en.sections['one-hot'].duration(matmul.milliseconds)} (mean of ${matmul.repeats.toLocaleString('en')} calls), gather ${en.sections['one-hot'].duration(gather.milliseconds)} (mean of ${gather.repeats.toLocaleString('en')} calls).`,
      status: ({ b, equal, multiplyAdds, withZero }) => `${equal ? 'Equal' : 'Not equal'}: ${b} × 4 numbers from either way. The product takes ${multiplyAdds.toLocaleString('en')} multiply-adds, ${withZero.toLocaleString('en')} of them with a zero; gather takes none.`,
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
