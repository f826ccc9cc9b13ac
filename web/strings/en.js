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

/** How often, in words. */
const TIMES = { 2: 'twice', 3: 'three times', 4: 'four times', 5: 'five times', 6: 'six times' };

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

  export: {
    heading: 'Take it along',
    link: 'Copy a link to what is shown',
    linked: 'Copied',
    inPlace: 'This frame may not save files. Save it from here:',
    notHere: 'Binary files cannot be shown. Open the page outside of its frame to save it.',
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

  legend: { ramp: (low, high) => `orange is below zero, down to ${low}; blue is above, up to ${high}` },

  heatmap: {
    picture: (name, rows, columns, first, last) => `${name}: ${rows} rows, ${columns} columns; rows ${first} to ${last} are shown`,
    rowName: (row, norm) => `row ${row}, norm ${norm}`,
    rowSummary: (row, norm, largest, column) => `row ${row}: norm ${norm}, largest ${largest} at column ${column}`,
  },

  grid: {
    row: 'row',
    none: 'no entry',
    times: (count) => `×${count}`,
    cell: (row, column, text) => `row ${row}, column ${column}${text ? `: ${text}` : ''}`,
    rowSummary: (row, texts) => `row ${row}: ${texts.join(', ')}`,
  },

  wordSearch: {
    suggestions: 'Suggestions',
  },

  sections: {
    hero: {
      short: 'A word, a row',
      heading: 'A word goes in as a number, a row comes out',
      text: ['An embedding layer holds a table of numbers, one row for each word it can be asked about. It never sees the words. A list outside the layer gives each word a number, and the layer answers with a copy of the row of that number.'],
      caption: (shuffled) => (shuffled ?
        '“cat” has another number now, and its row moved there with it. The row itself, and so what comes out, is what it was.' :
        '“cat” goes in as 2, so row 2 comes out, number for number. Nothing else of the word reaches the layer.'),
      captionFailed: 'The table has as many rows as the vocabulary has words. For anything else there is no row, and no guess.',
      predict: {
        question: 'You look up “cat cat cat”. What comes out?',
        answers: ['One row: repeats are merged', 'The same row three times', 'Three different rows, by position'],
        right: 1,
        explanation: 'Each index is looked up on its own, so row 2 is copied three times. The layer knows nothing of the words before and after. Press “cat cat cat” to see it.',
      },
      notice: [
        'The output has one row per word, in the order of the words. The table is only read.',
        'The numbers are random: this layer has learned nothing yet, and the lookup works all the same. Training changes the numbers, not the lookup.',
        'The meaning of a word is not in its number. The number only says where its row is.',
        'The tokeniser and the vocabulary are not part of nn.Embedding. Whoever loads the weights needs the same vocabulary, or every word gets a stranger’s row.',
      ],
      mistakes: [
        ['The network reads the word.', 'It gets a whole number. “cat” and “dog” could change places, and as long as their rows change places too, nothing downstream could tell.'],
        ['Number 7 is close to number 8.', 'Rows that stand next to each other have nothing to do with each other. Shuffle the ids: the rows move, and every word keeps its own.'],
        ['A new word gets some vector anyway.', 'There is no row for it. Real vocabularies keep a row for unknown words, often called <unk>, and map to it before the lookup.'],
      ],
      teachers: [
        'Shuffle (10 minutes). Everybody shuffles the ids, notes the new number of “cat” and the four numbers that come out. Compare: different numbers in, the same row out. Ask: what would break if only the ids were shuffled, and the rows stayed?',
        'A lookup on paper. Hand out the table, and sentences as lists of numbers. The answer needs no arithmetic at all. Ask: how many numbers did you read, and how many would it be with 10,000 rows?',
        'The missing word. Try “zebra”. Ask for three ways out (a row for unknown words, spelling it in smaller pieces, making the table larger) and what each costs.',
      ],
      engineers: [
        'The forward pass is a row copy: 4 × embedding_dim bytes for each index, whatever the number of rows. All indices are checked before anything is written.',
        'PyTorch takes indices as int64 or int32, of any shape; the output has that shape with embedding_dim appended.',
        'The table shown is what nn.Embedding(6, 4) prints after torch.manual_seed(0), to four digits; the programs below name these digits, so that they print the same anywhere.',
        'Shuffling ids permutes the rows of weight. Anything per row, such as the state of Adam, would have to be permuted with it.',
      ],
      picture: {
        words: 'A vocabulary, outside the layer, turns words into numbers',
        rows: 'The layer is a table; a number names a row',
        copies: 'The output: copies of these rows, in the order of the words',
        rowHeading: 'row',
        outputHeading: 'copy',
        rowName: (row, word) => `${row}, ${word}`,
        outputName: (position, word, row) => `${position} of the output, ${word}, from row ${row}`,
        outputNameFailed: (position, word) => `${position} of the output, ${word}`,
        from: (row) => `from row ${row}`,
        noNumber: 'no number',
        noWords: 'no words yet',
        noOutput: 'nothing: the call failed',
      },
      controls: {
        text: 'Type words',
        tries: 'Examples',
        chip: (text) => (text === 'zebra' ? 'zebra?' : text),
        hint: 'The layer has rows for: a, the, cat, dog, sat, ran.',
        ids: 'Which number belongs to which word?',
        idsHint: 'The numbers are arbitrary. Try others: what changes in the output?',
        shuffled: 'New numbers, and the rows moved along. The output has not changed.',
        shuffle: 'Shuffle ids',
        unshuffle: 'First order',
        more: 'More: another table',
        seed: 'Seed of the random table',
        reseed: 'Next seed',
        seedHint: 'Before training a table is random, N(0, 1). Another seed, other rows: what a word gets is chance until training.',
      },
      legend: { heading: 'Marks', used: 'row looked up', times: 'how often' },
      problem: (unknown, known) => `${unknown.map((word) => `“${word}”`).join(', ')}: ${unknown.length === 1 ? 'this word has' : 'these words have'} no number, so there is no row to copy. Known: ${known.join(', ')}.`,
      status: {
        called(indices, left) {
          if (indices.length === 0) return 'No words in, no rows out.';
          const rows = [...new Set(indices)].map((row) => {
            const times = indices.filter((index) => index === row).length;
            return `row ${row}${times === 1 ? '' : `, ${TIMES[times] ?? `${times} times`}`}`;
          });
          const cut = left === 0 ? '' : ` The figure has room for ${indices.length} words; ${left} more ${left === 1 ? 'is' : 'are'} left out.`;
          return `${indices.length} ${indices.length === 1 ? 'word' : 'words'} in, ${indices.length} ${indices.length === 1 ? 'row' : 'rows'} out: ${rows.join(rows.length < indices.length ? '; ' : ', ')}.${cut}`;
        },
        failed: (unknown) => `Nothing comes out: ${unknown.map((word) => `“${word}”`).join(', ')} ${are(unknown)} not in the vocabulary.`,
        reordered: 'The ids are new, the rows of the words are the same.',
        reseeded: (seed) => `A new random table, seed ${seed}.`,
      },
    },

    weight: {
      short: 'The table',
      heading: 'The layer is its weight matrix, and nothing else',
      text: ['nn.Embedding(N, D) is one parameter, weight, of shape (N, D): N rows, one for each index, of D numbers. There is no bias and no activation. A new layer draws every number from N(0, 1), and training is what may give the rows a meaning.'],
      caption: {
        normal: ({ columns, expectedNorm, meanNorm }) => `Noise: no row is special yet. Rows of ${columns} such numbers are about √${columns} = ${expectedNorm} long (here ${meanNorm} on average), and not 1.`,
        zeros: () => 'All zeros: every index gets the same row, so nothing behind the layer can tell the indices apart.',
        arange: () => 'Any table will do. Here the numbers count on from row to row, which is also the order in which they lie in memory.',
      },
      predict: {
        question: 'How long (2-norm) is a row of 64 numbers in a new layer, about?',
        answers: ['1: rows start normalised', '8', '64'],
        right: 1,
        explanation: 'Each of the 64 numbers has mean 0 and variance 1, so the squares sum to about 64, and the length is about √64 = 8. Nothing in nn.Embedding normalises rows.',
      },
      notice: [
        'Parameters = N × D. As float32 each takes 4 bytes, so 50,257 × 768 is 154 MB, gradient and optimiser state not counted.',
        'The numbers are not between 0 and 1: two thirds lie between −1 and 1, and in a large table some beyond 4.',
        'Rows do not know their word. Two rows are as unrelated at the start as any other two.',
        'A row is D numbers side by side in memory. That is why a lookup is a copy of one block.',
      ],
      mistakes: [
        ['Embedding values are between 0 and 1.', 'They start as N(0, 1) and train without limits, unless max_norm sets one.'],
        ['Rows start normalised.', 'Their length starts near √D. Move D and watch the bars: they grow, and they become more equal.'],
        ['The rows mean something from the start.', 'They are draws of a random generator; another seed gives other rows, and training starts from either.'],
        ['An embedding layer is a kind of Linear with bias and activation.', 'It has one parameter and applies nothing to it. print(layer) shows all there is.'],
      ],
      teachers: [
        'Length of a random row (10 minutes). Let groups set D to 1, 4, 16, 64 and note the average norm in the caption. Ask for the rule before showing √D, then why the bars look more equal for large D.',
        'How big is it? Give N and D of models the class knows, and ask for parameters and megabytes. Check two with the sliders.',
        'From table to bit. Start at the heatmap, choose a dark cell, read its row, then its 32 bits. Ask what flipping the first bit does, and the second.',
      ],
      engineers: [
        'print(embedding) names only options that differ from their defaults: Embedding(10, 3, padding_idx=0). padding_idx=-1 is stored, and printed, as 9.',
        'from_pretrained takes any table of two dimensions and freezes it unless told otherwise: weight.requires_grad is then False.',
        'N(0, 1) is large beside what other layers start with. Many models draw smaller numbers instead, for example nn.init.normal_(weight, std=0.02), above all if the table is shared with the output layer.',
        'The generator is PyTorch’s mt19937 with its own way to normal numbers, so the same seed gives the same table here and there. With 16 numbers or more PyTorch fills them in another order than one by one; so does this layer.',
        'The picture paints only the rows in the window, through a table of 256 colours, in WebAssembly. The grid above it holds two cells for each of these rows.',
      ],
      table: 'The whole table: scroll it, click a cell, or move in it with the arrow keys',
      mapLabel: 'embedding.weight',
      norms: (longest) => `norm ≤ ${longest}`,
      closer: {
        row: (row, norm) => `Closer: row ${row}, norm ${norm}`,
        rowField: 'row',
        columnField: 'column',
        strip: (row) => `The numbers of row ${row}, scrolls sideways`,
      },
      number: {
        heading: (row, column, text) => `Closer still: weight[${row}, ${column}] = ${text} is 32 bits`,
        sign: 'sign',
        exponent: 'exponent',
        fraction: 'fraction',
        power: (stored, power) => `${stored} − 127 = ${String(power).replace('-', '−')}`,
        factor: (text) => `1.fraction = ${text}`,
        product: (sign, factor, power) => `${sign}${factor} × 2 to the power ${String(power).replace('-', '−')}.`,
        special: 'Zero, or too small for a leading 1: the exponent bits are all 0.',
        shortest: (text, hex) => `The shortest decimal that reads back as this number: ${text}. In hexadecimal: ${hex}.`,
      },
      controls: {
        layer: (rows, columns) => `nn.Embedding(${rows}, ${columns})`,
        rows: 'N, rows (num_embeddings)',
        rowsValue: (value) => `${value} rows`,
        columns: 'D, numbers in a row (embedding_dim)',
        columnsValue: (value) => `${value} numbers in a row`,
        init: 'What the table begins with',
        inits: { normal: 'N(0, 1)', zeros: 'zeros', arange: 'a table of one’s own' },
        range: 'The colours cover',
        auto: '99 % of the numbers',
        fixed: (reach) => `±${reach}`,
        clipped: (count) => (count === 0 ? 'No number is beyond.' : `${count.toLocaleString('en')} beyond, in the colour of that end.`),
        more: 'More: strokes for the sign, the seed',
        strokes: 'A stroke through every number below zero',
        seed: 'torch.manual_seed',
        seedHint: 'The same seed gives the same table, here and in PyTorch.',
      },
      histogram: {
        heading: 'All its numbers, by size',
        label: (low, high, mean, deviation) => `Histogram of the table from ${low} to ${high}: mean ${mean}, standard deviation ${deviation}`,
        bars: 'how many',
        curve: 'what N(0, 1) would give',
        reach: 'where the colours end',
        moments: (mean, deviation) => `Mean ${mean.replace('-', '−')}, standard deviation ${deviation}.`,
        outside: (count, low, high) => `${count.toLocaleString('en')} ${count === 1 ? 'lies' : 'lie'} outside ${low.replace('-', '−')} to ${high}.`,
        table: 'The counts as a table',
        from: 'from',
        to: 'to',
        count: 'count',
      },
      legend: { heading: 'Marks' },
      status: (rows, columns, count, bytes) => `${rows.toLocaleString('en')} rows of ${columns}: ${count.toLocaleString('en')} parameters, ${bytes.toLocaleString('en')} bytes.`,
    },

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
      noMatrix: 'No matrix is built and nothing is multiplied: each index says where its row lies.',
      more: (count) => `and ${count} more`,
      equal: 'True: the same numbers',
      unequal: 'False: the numbers differ',
      costs: 'What it costs, on a logarithmic scale',
      multiplyAdds: 'multiply-adds',
      bytesRead: 'bytes read',
      time: 'time per call, measured here',
      scale: 'Counted from the shapes. From line to line it is ten times as much.',
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

    gradient: {
      short: 'Gradient',
      heading: 'The gradient lands only on the rows you used, and repeats add up',
      text: [
        'A lookup copies rows out. On the way back, each row of the output hands the gradient that arrives at it to the row of the table that it was a copy of. A row that was copied three times is handed three gradients, and they add up. A row that was not copied is handed nothing.',
      ],
      predict: {
        question: 'Row 1 is looked up three times and row 3 once, and a gradient of ones arrives everywhere. What are the gradients of rows 1 and 3 with scale_grad_by_freq=True?',
        answers: ['3 and 1', '1 and 1', '1/3 and 1'],
        right: 1,
        explanation: 'The three ones add up to 3, and 3 is divided by 3, the times that row 1 occurs in this call. Row 3 occurs once, so nothing changes for it. Tick scale_grad_by_freq to see it.',
      },
      picture: {
        table: 'The gradient of the table',
        upstream: 'The gradient that arrives at the output',
        from: 'comes from',
        /** The output rows whose gradient a row gets. */
        sum: (positions, scaled) => (positions.length === 0 ? '' : positions.length === 1 ? `output ${positions[0]}` : `outputs ${positions.join(', ')}: the sum${scaled ? ` ÷ ${positions.length}` : ''}`),
        arrives: 'arrives here',
        position: 'output',
        output: (position, index) => `${position}, from row ${index}`,
        nothing: 'The call has no indices, so its output has no rows and nothing arrives.',
        hint: 'Change what arrives: drag a number up or down (on a touch screen, tap it first), press Shift and an arrow key, or press Enter and type.',
      },
      controls: {
        upstream: 'What arrives',
        presets: { ones: 'All ones', oneHot: 'One-hot', random: 'Random' },
        more: 'More: sparse, undo, both settings side by side',
        sparse: '(PyTorch refuses it together with scale_grad_by_freq; this library does not)',
        undo: 'Undo',
        reset: 'Reset',
      },
      failed: 'The call fails, so there is no output, and no gradient comes back.',
      compare: { heading: 'Both settings side by side', count: 'times', norm: '2-norm' },
      /** `repeated` are rows with how often they occur. */
      status({ repeated, unused, total, scaled }) {
        if (total === 0) return 'Nothing was looked up, so no row gets a gradient.';
        const sums = repeated.length === 0 ? 'Each looked-up row gets the one gradient that arrives at its copy.' :
          repeated.map(({ row, count }) => `Row ${row} was looked up ${count} times, so ${count} gradients add up in it${scaled ? ` and are divided by ${count}` : ''}.`).join(' ');
        return unused.length === 0 ? sums : `${sums} ${capital(rowList(unused))} ${unused.length === 1 ? 'was' : 'were'} not looked up and ${unused.length === 1 ? 'gets' : 'get'} no entry.`;
      },
      code: { differ: 'They differ: PyTorch refuses the two options together, this library does not' },
      notice: [
        '[1, 1, 1, 3] with ones gives row 1 a gradient of 3 and row 3 a gradient of 1. With scale_grad_by_freq=True both get 1.',
        '“Frequency” means how often the index occurs in this one call, not in the corpus.',
        'The weight’s numbers do not matter here: the gradient of a copy is the same whatever was copied.',
        'PyTorch stores zeros in the hatched rows. A row that was handed zeros looks the same in memory, but it was used.',
        'A second backward adds to weight.grad again, until optimizer.zero_grad().',
      ],
      mistakes: [
        ['With repeats, the last one wins.', 'They are added, in the order of their positions. Nothing is overwritten.'],
        ['scale_grad_by_freq divides by how frequent the word is.', 'The layer knows no corpus. It divides by how often the index occurs in the call that is being differentiated.'],
        ['The gradient flows to the index as well.', 'The index is a whole number. It selects, and nothing can be learned for it: only weight has a gradient.'],
        ['Every row gets a small gradient.', 'Of all the rows of the table, only those that the call names get one. That is one reason why rare words learn slowly.'],
      ],
      teachers: [
        'Ten minutes: choose One-hot and let the class say, before looking, which columns of row 1 will be 1. Each output row has its own column, so the sum shows who sent what.',
        'Set what arrives at output 0 to 2 and at output 1 to −2. Row 1 gets nothing from them, although both trained it: ask whether “gradient 0” means “not used”.',
        'Keep adding indices to the call until every row has been used. Ask how many steps that takes for 50,257 rows and 32 indices a step.',
      ],
      engineers: [
        'Backward of a gather is a scatter-add. PyTorch names it embedding_dense_backward; it zeroes V × D floats and adds one row per index.',
        'With scale_grad_by_freq each arriving row is multiplied by 1/count before it is added, so the last bit can differ from dividing the sum.',
        'On CPUs the additions of one row happen in the order of positions, so the result repeats bit by bit. On GPUs PyTorch may add in another order.',
        'sparse=True with scale_grad_by_freq=True raises “embedding_backward: scale_grad_by_freq not supported with sparse gradients” in PyTorch 2.13, at backward and not before. This library divides each stored row instead.',
      ],
    },

    'padding-idx': {
      short: 'padding_idx',
      heading: 'padding_idx starts at zero and gets no gradient. That is all it promises',
      text: [
        'Sentences in a batch are filled up to one length, and the filler needs a row like any word. padding_idx says which. Two things follow, and only two: the constructor sets that row to zero, and the layer’s backward leaves it out. The row is not locked and the filler is not masked: a lookup returns whatever the row holds.',
      ],
      caption: 'Each step shows the row before and after, and beside it the gradient: what arrives at the output, and what the row gets. No gradient gets through, so plain training leaves the row alone. Weight decay, max_norm and your own writes need no gradient, and they change it.',
      captionNone: 'Without a padding row, row 0 is a row like any other: it starts as drawn, its gradient reaches it, and every training step moves it.',
      predict: {
        question: 'Row 0 is the padding row, and the history below leaves it at [0.95, 1.9, 2.85, 3.8], a vector of norm 5.2. Now it is looked up with max_norm=1. What happens?',
        answers: ['Nothing: it is the padding row', 'The output is shortened, the table is not', 'The row is shortened in the table'],
        right: 2,
        explanation: 'max_norm knows no padding row: it shortens every row that is looked up and too long, in the table itself. Press “with max_norm = 1” under “Look up” to see it.',
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
        notLookedUp: 'zeros: not looked up',
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
        kept: 'At the row: the same',
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

    sparse: {
      short: 'Sparse gradients',
      heading: 'Sparse gradients: the same numbers, stored as a list of rows',
      text: [
        'A dense gradient is as large as the table, however few of its rows were used. With sparse=True the gradient is a list instead: for each index one card with the row number and the row. A row that is looked up twice has two cards, until coalesce() sorts the cards and adds those of the same row.',
        'The weight stays an ordinary table. Only the gradient changes its form, and not every optimizer takes that form.',
      ],
      predict: {
        question: 'A table has 50,257 rows of 768 numbers, and a step looks up 32 of them. How much smaller is the sparse gradient?',
        answers: ['About 2 times', 'About 30 times', 'About 1,500 times'],
        right: 2,
        explanation: 'The dense gradient holds 50,257 rows, 154 MB, nearly all of it zeros. The sparse one holds 32 rows and 32 row numbers, about 99 kB. 50,257 / 32 is about 1,570, and the row numbers take a little.',
      },
      picture: {
        dense: 'Dense gradient: every row',
        sparse: (count) => (count === 1 ? 'Sparse gradient: 1 card' : `Sparse gradient: ${count} cards`),
        index: 'index',
        card: (row) => `card of row ${row}`,
        again: 'again',
        merged: (count) => `${count} added`,
        pad: 'pad',
        zeros: 'zeros',
        noCards: 'No card: nothing was looked up, or only the padding row.',
      },
      controls: { coalesce: 'Coalesce', uncoalesce: 'As it arrived', reset: 'Reset', more: 'More: padding_idx, reset' },
      failed: 'The call fails, so there is no gradient in either form.',
      /** `stored` cards as they arrive, `distinct` after coalescing; `dropped` indices name the padding row. */
      status({ stored, distinct, isCoalesced, dropped, pad, zeros, repeated }) {
        const gone = dropped === 0 ? '' : ` Row ${pad} is the padding row: no card.`;
        if (stored === 0) return `No cards. The dense gradient still stores all of its ${zeros} rows of zeros.${gone}`;
        const cards = (count) => (count === 1 ? '1 card' : `${count} cards`);
        if (isCoalesced) return `${capital(cards(distinct))}, sorted, one for each row${repeated.length === 0 ? '' : `: those of ${rowList(repeated)} were added`}.${gone}`;
        return `${capital(cards(stored))} in the order of the call${repeated.length === 0 ? '' : `; ${rowList(repeated)} ${repeated.length === 1 ? 'has' : 'have'} more than one`}. The dense gradient stores the same numbers and ${zeros} rows of zeros.${gone}`;
      },
      bytes: {
        heading: 'What is stored, in bytes',
        here: (rows, columns) => `The table above: ${rows} × ${columns}`,
        real: (rows, columns, batch) => `A real table: ${rows} × ${columns}, ${batch} indices in a step`,
        dense: 'dense',
        sparse: 'sparse, as it arrives',
        coalesced: 'sparse, coalesced',
        count: (bytes, inUnits) => `${bytes} bytes${/byte/.test(inUnits) ? '' : ` = ${inUnits}`}`,
        formula: 'Dense: 4 × rows × columns. Sparse: (8 + 4 × columns) for each card, 8 for its row number.',
        summary: (dense, sparse, isSmaller) => (isSmaller ? `${dense} dense, ${sparse} sparse, in every step.` : `${dense} dense, but ${sparse} sparse: with so many indices the list is longer than the table.`),
        more: 'More: columns, repeats',
        sliders: { rows: 'rows of the table', batch: 'indices in a step', dim: 'columns', repeats: 'times that each row occurs in a step' },
      },
      matrix: {
        heading: 'Which optimizer takes which gradient',
        dense: 'dense gradient',
        sparse: 'sparse gradient',
        takes: 'takes it',
        refuses: 'refuses',
        press: 'Press a cell: the optimizer really runs on the gradient above, and says what it says.',
        refused: 'step() refuses:',
        moved(moved, total, used) {
          if (moved.length === 0) return 'step() ran, and no row moved.';
          if (moved.length === total) return `step() ran and moved all ${total} rows, also those without a gradient: weight decay pulls at every row.`;
          return `step() ran and moved ${rowList(moved)}${moved.length === used.length ? ', the rows with a gradient' : ''}.`;
        },
      },
      notice: [
        '[2, 4, 4, 1] makes four cards. After coalesce() there are three, sorted: 1, 2, 4. nnz counts cards, so it falls from 4 to 3.',
        'The two forms hold the same numbers: to_dense() of the cards equals the dense gradient, checked live under the cards.',
        'The dense gradient has the size of the table in every step. The sparse one has the size of the batch.',
        'padding_idx drops its cards. If only the padding row was looked up, nnz is 0 and the gradient is still there.',
        'Optimizers coalesce for themselves where they need it. You call coalesce() to read the gradient, not to train.',
      ],
      mistakes: [
        ['sparse=True makes the weights sparse.', 'The weight is a full table, as before. sparse=True is about the form of weight.grad and nothing else.'],
        ['sparse=True changes what SGD learns.', 'The rule is the same. Only the order of additions differs, so the last bit may.'],
        ['Any optimizer works with it.', 'SGD, SGD with momentum, Adagrad and SparseAdam take sparse gradients. Adam, AdamW, RMSprop, and any weight_decay refuse them. SparseAdam takes nothing else.'],
        ['nnz is the number of numbers that are not zero.', 'It is the number of stored rows, repeats included. A stored row may hold zeros.'],
      ],
      teachers: [
        'Ten minutes: set the real table to 50,257 rows and let the class compute both sizes by hand, 4 × 50,257 × 768 and 32 × (8 + 4 × 768). Then compare with the bars.',
        'Look for the batch at which the sparse gradient becomes larger than the dense one. Ask why there is such a point at all, and what coalescing does to it.',
        'Press Adam with a sparse gradient, then SparseAdam with a dense one. Each message names the other: ask what a training script has to change.',
      ],
      engineers: [
        'PyTorch keeps row numbers as int64, 8 bytes each, and the formula here counts them so. This library keeps int32, 4 bytes.',
        'clip_grad_norm_ refuses sparse gradients in PyTorch 2.13 (it took them in 1.13). clipGradNorm of this library takes them.',
        'SGD with momentum takes a sparse gradient, but its buffer reaches the rows of all steps so far, so it saves little.',
        'Adagrad’s first sparse step in PyTorch 2.13 prints a UserWarning about sparse invariant checks. It is harmless.',
        'RMSprop is not part of this library. In PyTorch it says “RMSprop does not support sparse gradients”.',
      ],
    },

    optimizers: {
      short: 'Optimisers',
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

    words: {
      short: 'Real words',
      heading: 'Rows that were trained lie close when their words keep the same company',
      text: [
        'This table is a real one: the rows of 10,000 English words, 100 numbers each, which GloVe learned from an encyclopedia and the news. No row was told what its word means. Words that stand beside the same words were given similar rows, and much of what looks like meaning comes from that.',
      ],
      caption: 'Each line is one row of the table. king and queen, paris and france have stretches in common; column 55 they all have in common, so it tells none of them apart.',
      table: {
        waiting: 'The 10,000 words are read when you come near.',
        load: 'Read them now',
        failed: 'The word table could not be read',
        failedHint: 'It is stored inside this file, so the file may have been cut short or changed. Save the page again from where it came from. All other sections work without the table.',
      },
      search: {
        label: 'Look up a word',
        hint: (size) => `One of the ${size.toLocaleString('en')} most frequent words, in small letters.`,
      },
      rows: {
        heading: 'Rows, one under another',
        column: (column) => `column ${column}`,
        lookUp: (word) => `Look up ${word}`,
        remove: (word) => `Take away ${word}`,
        strip: (word, row, column, text) => `${word}: row ${row} of the table, 100 numbers; in column ${column} ${text}`,
        none: 'No rows yet: look up a word.',
        legend: (reach) => `− ${reach} or less, 0, + ${reach} or more`,
        columnFact: ({ column, negative, mean, size }) => `Column ${column} is negative in ${negative.toLocaleString('en')} of all ${size.toLocaleString('en')} rows; its mean is ${mean}.`,
        columnLabel: 'Column to read',
        sorted: 'First the columns in which these rows differ most',
      },
      neighbors: {
        heading: (word) => `The rows nearest to ${word}`,
        headingNone: 'No such row',
        none: 'The word above has no row, so nothing is near it.',
        list: (word, metric) => `Rows nearest to ${word}, by ${metric}, the best first`,
        unknown: (word, size) => `“${word}” is none of the ${size.toLocaleString('en')} words, so it has no row. A real model would give it a row for unknown words, or cut it into pieces that have rows.`,
        spelled: 'Spelled nearly so:',
        metric: 'Closeness, also for the sum',
        metrics: { cosine: 'cosine', dot: 'dot product', euclidean: 'distance' },
        scores: {
          cosine: 'The cosine of the angle between two rows: 1 if they point the same way, whatever their lengths.',
          dot: 'The dot product: the larger, the nearer. Long rows win, whatever way they point.',
          euclidean: 'The Euclidean distance: the smaller, the nearer.',
        },
        k: 'How many',
        compare: 'Show these rows as strips',
      },
      analogy: {
        heading: (a, b, c) => `${a} is to ${b} as ${c} is to …`,
        group: 'A sum of rows: second word minus first word plus third word',
        fields: ['minus the row of', 'the row of', 'plus the row of'],
        list: 'Rows nearest to the sum, the best first',
        unknown: (word, size) => `“${word}” is none of the ${size.toLocaleString('en')} words.`,
        spelled: 'Spelled nearly so:',
        exclude: 'Leave out the three words that went in',
        presets: 'Other sums',
        ownWords: 'your own words',
        presetName: ([a, b, c]) => `${b} − ${a} + ${c}`,
        sum: (a, b, c) => `${b} − ${a} + ${c}`,
        leftOut: 'went in: left out',
        input: 'went in',
        scores: { cosine: (text) => `cosine ${text}`, dot: (text) => `dot product ${text}`, euclidean: (text) => `distance ${text}` },
        fact: ({ winner, exclude, score, isInput }) => (isInput ?
          `The nearest row is ${winner}, which went in (${score}). The sum has hardly moved away from it.` :
          exclude ? `${winner} is the nearest row of the others (${score}). No row lies at the sum itself.` : `${winner} is the nearest row of all (${score}).`),
        planeLabel: ({ a, b, c, answer, off, arrow }) => `The plane through ${a}, ${b} and ${c}: the arrow from ${a} to ${b}, moved to ${c}, ends at the sum. The arrow is ${arrow} long. ${answer} is ${off} away from this plane.`,
        planeCaption: (a, b, c) => `The plane through ${a}, ${b} and ${c}. The second arrow is the first one, moved, so in this plane they are exactly parallel. The answer is drawn where its shadow falls.`,
        arrowLength: (a, b) => `${a} to ${b}`,
        offPlane: (answer) => `${answer} off the plane`,
      },
      map: {
        heading: 'A map of all words, and what it loses',
        label: ({ word, truth, size }) => `All ${size.toLocaleString('en')} rows along two axes.${word === null ? '' : ` Lines lead from ${word} to the ten rows that are truly nearest: ${truth.join(', ')}.`}`,
        computing: 'Finding the axes',
        measuring: 'Comparing neighbours',
        stop: 'Stop',
        start: 'Draw the map',
        notYet: 'The map is not drawn.',
        failed: 'The map could not be drawn:',
        axes: 'Axes from',
        axesAll: (size) => `all ${size.toLocaleString('en')} rows`,
        axesChosen: (count) => `only the ${count} rows above`,
        explainedAll: (size) => `of the variance of all ${size.toLocaleString('en')} rows is in this picture.`,
        explainedChosen: (count) => `of the variance of the ${count} rows is in this picture. Of those ${count}.`,
        keptCount: (kept, of) => `${kept ?? '…'} of ${of}`,
        kept: (word) => `true neighbours of ${word} are among its ten nearest dots here.`,
        truly: 'Nearest by all 100 numbers',
        onMap: 'Nearest on the map',
        average: (share) => `Over the words above: ${share} of the ten true neighbours stay.`,
        measure: (size) => `Measure all ${size.toLocaleString('en')} words`,
        measured: (share, size) => `Over all ${size.toLocaleString('en')} words: ${share} of the ten true neighbours stay.`,
      },
      bias: {
        heading: 'The table learned our habits, good and bad',
        text: ['These rows repeat whatever stood together in the text: man is to doctor as woman is to nurse, they say. That is a record of what was written, not of how things are or should be. Names, insults and prejudices are in the table too, and a model that is built on such rows inherits them.'],
        show: 'Show doctor − man + woman',
      },
      files: { text: 'The programs below read three files; save them:', source: 'The rows are GloVe 6B by Pennington, Socher and Manning (public domain, PDDL 1.0), kept as int8 with one scale for each row.' },
      say: {
        neighbors: (word, nearest) => `Nearest to ${word}: ${nearest.map((one) => `${one.word} ${one.text}`).join(', ')}.`,
        unknown: (word, spelled) => `${word} is not in the table.${spelled.length === 0 ? '' : ` Spelled nearly so: ${spelled.join(', ')}.`}`,
        analogy: ([a, b, c], winner) => `${b} minus ${a} plus ${c}: ${winner}.`,
        removed: (word) => `${word} taken away.`,
        compared: (word) => `The strips now show ${word} and its nearest rows.`,
      },
      code: {
        notYet: 'the words are read when this section comes near',
        noWord: 'none of these words has a row',
      },
      predict: {
        question: 'Take the row of king, subtract that of man and add that of woman. Which of all 10,000 rows is nearest to the result?',
        answers: ['queen', 'king', 'no row: it is exactly queen’s'],
        right: 1,
        explanation: 'king itself, with a cosine of 0.86; queen follows with 0.78. The famous answer comes out because the three words that went in are left out. Untick that box below and see.',
      },
      notice: [
        'Near means related, not the same: monday and tuesday have a cosine of 0.99, north and south of 0.92.',
        'A word has one row for all its senses. Near java stand an island’s neighbours and a computer’s, none of them very near; apple is a company here.',
        'The map keeps 9.4% of the variance and 1.1% of the true neighbours. The lines lead to rows that are truly near and far away on the paper.',
        'With axes from only the eight chosen rows the picture explains far more, of those eight. A map of hand-picked words always looks good.',
        'from_pretrained freezes the rows: requires_grad is False unless you pass freeze=False.',
      ],
      mistakes: [
        ['king − man + woman = queen', 'No row is at the sum. queen is the nearest of those that did not go in, and the sum lies nearer to king than to queen.'],
        ['Close on the map means similar', 'Two axes hold a tenth of what differs. Of ten dots that are near on the map nine or ten are no true neighbours.'],
        ['Each column means something', 'The axes of the table are arbitrary: turn all rows together and every cosine and distance stays. Column 55 is negative for nearly all words; it means nothing about any of them.'],
        ['Near means same meaning', 'Words are near that stand in the same places: opposites, days of the week, rival countries.'],
      ],
      teachers: [
        'Ask the class for ten words whose neighbours surprise them (java, apple, may, amazon), and for each: which text would put it there?',
        'Collect sums that work and sums that do not. Then untick “Leave out”: how many still work? What does the sum really test?',
        'Choose eight words in two groups, set the axes to “only the 8 rows above” and admire the map. Then set them to all rows. Which map would a paper print?',
      ],
      engineers: [
        'nearest compares with all rows, exactly: 10,000 rows of 100 take about a millisecond in WebAssembly. Row norms are computed once.',
        'The table is int8 with a scale per row: 1.04 MB instead of 4 MB. Nearly all of the ten nearest stay the same.',
        'The axes are found in a worker, by all eigenvectors of the covariance in double precision; measuring all words compares each row with every other, a hundred million distances, so it has a Stop button.',
        'PyTorch’s torch.cdist may compute distances through a matrix product and lose digits; the program subtracts.',
      ],
    },

    check: {
      short: 'Check yourself',
      heading: 'Ten sentences: which of them hold?',
      text: ['Say of each whether it is true. The answer comes at once, with a link to the figure in the state that settles it.'],
      true: 'True',
      false: 'Not true',
      is: { true: 'It is true.', false: 'It is not true.' },
      see: (section) => `See it: ${section}`,
      score: ({ answered, right, all }) => (answered === 0 ? 'Nothing answered yet.' : `${answered} of ${all} answered, ${right} right.`),
      again: 'Start again',
      cards: {
        hero: { claim: 'Word number 7 is more like word number 8 than like word number 70.', why: 'The number only says which row is read. Give the words other numbers and their rows with them, and nothing changes.' },
        weight: { claim: 'In a new layer every row has length 1.', why: 'Each number is drawn from N(0, 1), so a row’s length is near the square root of embedding_dim. Nothing is normalised.' },
        lookup: { claim: 'Index −1 reads the last row, as in a Python list.', why: 'embedding(torch.tensor([-1])) raises IndexError: index out of range in self.' },
        'one-hot': { claim: 'one_hot(indices) times the weight gives the same numbers as the lookup.', why: 'Each sum has one term that is not zero. The lookup is the same map without the multiplications by zero.' },
        gradient: { claim: 'If index 3 stands in a batch twice, row 3 gets both gradients, added.', why: 'Backward of a copy is an addition into the row, once for each place where the index stands.' },
        'padding-idx': { claim: 'The row of padding_idx is always zero.', why: 'It starts at zero and gets no gradient, and that is all. Write numbers into it and they come out; weight decay and max_norm change them.' },
        'max-norm': { claim: 'A lookup with max_norm can change the weight, in evaluation mode too.', why: 'Looked-up rows that are too long are shortened in the table itself, before they are copied out.' },
        sparse: { claim: 'With sparse=True every optimiser works as before.', why: 'Adam, AdamW and RMSprop refuse sparse gradients, and so do SGD and Adagrad with weight decay.' },
        optimizers: { claim: 'With Adam a row can move in a step in which no index names it.', why: 'Adam remembers: its averages of earlier gradients go on moving the row. SparseAdam and plain SGD leave it alone.' },
        words: { claim: 'In the table of real words, queen is the row nearest to king − man + woman.', why: 'king is nearer. queen comes first only when the three words that went in are left out.' },
      },
      sheet: {
        heading: 'Teacher sheet: five experiments of ten minutes',
        start: 'Open the experiment',
        ask: 'Ask:',
        find: 'They should find:',
        experiments: {
          gradient: { title: 'Repeats add up', steps: 'Everyone writes down the gradient of the table for the indices 1, 1, 1, 3 before the figure shows it. Then switch on scale_grad_by_freq.', ask: 'Frequency in what: in the language, in the data, in this batch?', find: 'Row 1 gets 3 times as much, row 3 once. With the switch both get the same; what is counted is this batch.' },
          'padding-idx': { title: 'What does padding_idx promise?', steps: 'Three groups each defend one sentence: it is zero, it gets no gradient, it is masked out. Press the buttons one after another.', ask: 'Which events change the row, though its gradient is zero?', find: 'Only “no gradient” holds. Writing by hand, weight decay and max_norm all change the row.' },
          'max-norm': { title: 'The shape of a norm', steps: 'The row [3, 4], max_norm 1. Predict where it lands for p = 1, 2 and ∞, mark it on paper, then move the slider.', ask: 'Is the landing place the nearest point of the border?', find: 'The row goes straight toward the origin: [0.4286, 0.5714], [0.6, 0.8], [0.75, 1]. Only for the circle is that the nearest point.' },
          optimizers: { title: 'Who moved?', steps: 'One step with row 1, one step with row 2. For each optimiser the class votes which rows have moved after each step.', ask: 'Why does a row move whose gradient is zero?', find: 'Momentum and Adam go on moving row 1. Plain SGD, Adagrad and SparseAdam move only what the batch names.' },
          words: { title: 'A map that looks good', steps: 'Choose eight words in two groups and take the axes from those eight rows. Admire the map, read the meter, then take the axes from all rows.', ask: 'Which of the two maps would you print, and what would you write under it?', find: 'Hand-picked words explain more than half of their own variance. With all words it is 9.4%, and hardly any true neighbour stays.' },
        },
      },
    },
  },
};
