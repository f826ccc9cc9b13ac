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
      table: 'The whole table. Scroll it, click a cell, or tab to it and use the keys',
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
        moments: (mean, deviation) => `Mean ${mean}, standard deviation ${deviation}.`,
        outside: (count, low, high) => `${count} outside ${low} to ${high}.`,
        table: 'The counts as a table',
        from: 'from',
        to: 'to',
        count: 'count',
      },
      legend: { heading: 'Marks' },
      status: (rows, columns, count, bytes) => `${rows.toLocaleString('en')} rows of ${columns}: ${count.toLocaleString('en')} parameters, ${bytes.toLocaleString('en')} bytes.`,
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
