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

  wordSearch: {
    suggestions: 'Suggestions',
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
