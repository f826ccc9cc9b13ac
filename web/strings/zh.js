/** Every sentence of the page in Chinese, with the keys of en.js. PyTorch's terms of art stay as PyTorch spells them. */

export const zh = {
  name: '中文',
  page: {
    title: 'nn.Embedding，一行一行地看',
    description: 'PyTorch 的嵌入层究竟做了什么：查表、padding_idx、max_norm、稀疏梯度、优化器，都可以动手试，数字与 PyTorch 打印的一致。',
    skip: '跳到第一个图',
    lede: '嵌入层就是一张表，查表就是把其中的行复制出来。本页运行的正是这样一层：用 C 写成，编译为 WebAssembly，所以下面的每个数字都是 PyTorch 会打印的数字。',
    footer: '本页的任何内容都不会离开你的电脑：层、表和数字都在这一个文件里。',
  },

  frame: {
    sections: '各节',
    language: '语言',
    theme: '主题',
    waiting: '脚本启动后，图会出现在这里。需要 JavaScript 和 WebAssembly。',
    predict: '先猜一猜',
    right: '对。',
    wrong: '不对。',
    notice: '注意',
    mistakes: '常见误解',
    teachers: '给教师',
    engineers: '给工程师',
    link: '指向当前状态的链接',
  },

  themes: { auto: '自动', light: '浅色', dark: '深色' },

  failure: {
    heading: '嵌入层无法启动',
    noWebAssembly: '此浏览器没有 WebAssembly，或者已将其关闭，因此无法计算图中的数字。本页的文字仍然完整。',
    blocked: '此浏览器拒绝编译 WebAssembly 模块。如果本页被嵌入其他网页，该网页须在 Content-Security-Policy 的 script-src 中加入 \'wasm-unsafe-eval\'。本页的文字仍然完整。',
    said: '浏览器的说明：',
  },

  code: {
    heading: '对应的代码',
    pytorch: 'PyTorch',
    javascript: 'JavaScript',
    prints: '两者都打印',
    printsNothing: '两者都不打印任何内容',
    copy: '复制',
    copyLong: (name) => `复制 ${name} 程序`,
    copied: '已复制',
    selected: '已选中：请按 Ctrl 或 ⌘ 加 C',
    region: (name) => `${name}，可横向滚动`,
    core: (functions) => `C 核心中：${functions}。`,
    pytorchError: 'IndexError: index out of range in self',
  },

  call: {
    errorLead: '调用失败，什么也没有改变。',
  },

  indices: {
    label: '下标',
    index: (position) => `位置 ${position} 的下标`,
    remove: (position, value) => `删除位置 ${position} 的下标 ${value}`,
    add: '添加一个下标',
  },

  legend: { ramp: (low, high) => `橙色小于零，最低 ${low}；蓝色大于零，最高 ${high}` },

  grid: {
    row: '行',
    none: '没有条目',
    times: (count) => `×${count}`,
    cell: (row, column, text) => `第 ${row} 行，第 ${column} 列${text ? `：${text}` : ''}`,
    rowSummary: (row, texts) => `第 ${row} 行：${texts.join('，')}`,
  },

  sections: {
    hero: {
      short: '词与行',
      heading: '进去的是一个编号，出来的是一行数',
      text: ['嵌入层里只有一张数字表，每个能查的词占一行。它看不到词本身：层外面的一份词表给每个词一个编号，层再按编号把那一行复制出来。'],
      caption: (shuffled) => (shuffled ?
        '“cat” 换了编号，它的那一行也跟着搬了过去。行里的数没有变，所以输出也没有变。' :
        '“cat” 以编号 2 进去，第 2 行就一个数不差地出来。除了编号，层对这个词一无所知。'),
      captionFailed: '词表有多少个词，表就有多少行。其余的词没有行可查，层也不会去猜。',
      predict: {
        question: '查 “cat cat cat”，会得到什么？',
        answers: ['一行：重复的会合并', '同一行出现三次', '三行各不相同，取决于位置'],
        right: 1,
        explanation: '每个下标各查各的，所以第 2 行被复制三次。前后是什么词，这一层并不知道。按一下 “cat cat cat” 看看。',
      },
      notice: [
        '一个词对应输出的一行，顺序与词的顺序相同。表只被读取，不会改变。',
        '这些数是随机的：这一层什么都还没学，查表照样能做。训练改变的是数，不是查法。',
        '词义不在编号里。编号只说明这一行在哪里。',
        '分词器和词表都不属于 nn.Embedding。加载权重的人必须用同一份词表，否则每个词拿到的都是别人的行。',
      ],
      mistakes: [
        ['网络会读这个词。', '它只收到一个整数。“cat” 和 “dog” 可以对换编号，只要两行也一起对换，后面的计算就毫无差别。'],
        ['7 号和 8 号意思相近。', '相邻的两行互不相干。打乱编号试试：行会移动，但每个词仍然拿到自己那一行。'],
        ['没见过的词也总会有个向量。', '表里没有它的行。真实的词表会为未知词留一行（常写作 <unk>），在查表之前就把未知词换成它。'],
      ],
      teachers: [
        '打乱编号（10 分钟）。每人打乱一次，记下 “cat” 的新编号和输出的四个数，再互相比较：编号各不相同，输出的行却一样。问：如果只打乱编号，行不跟着动，会出什么错？',
        '在纸上查表。发下这张表，再给出写成编号的句子。整个过程不需要任何计算。问：你读了几个数？如果表有 10,000 行，又要读几个？',
        '缺的词。试试 “zebra”。请学生想三种办法（留一行给未知词、拆成更小的片段、把表加大），并说出各自的代价。',
      ],
      engineers: [
        '前向就是复制行：每个下标 4 × embedding_dim 字节，与表有多少行无关。写入之前会先检查所有下标。',
        'PyTorch 接受 int64 或 int32 的下标，形状任意；输出的形状是它后面再加一维 embedding_dim。',
        '默认的表就是 torch.manual_seed(0) 之后 nn.Embedding(6, 4) 打印的四位小数；下面的程序直接写出这些数，所以在哪里运行结果都一样。',
        '打乱编号等于置换 weight 的行。凡是按行保存的东西（例如 Adam 的状态）也必须一起置换。',
      ],
      picture: {
        words: '层外面的词表把词换成编号',
        rows: '层就是一张表，编号指定其中一行',
        copies: '输出：按词的顺序复制的这些行',
        rowHeading: '行',
        outputHeading: '副本',
        rowName: (row, word) => `${row}（${word}）`,
        outputName: (position, word, row) => `${position}（输出，${word}，来自第 ${row} 行）`,
        outputNameFailed: (position, word) => `${position}（输出，${word}）`,
        from: (row) => `来自第 ${row} 行`,
        noNumber: '没有编号',
        noWords: '还没有词',
        noOutput: '空：调用失败',
      },
      controls: {
        text: '输入几个词',
        tries: '例子',
        chip: (text) => (text === 'zebra' ? 'zebra？' : text),
        hint: '表里有这些词：a、the、cat、dog、sat、ran。',
        ids: '哪个编号属于哪个词？',
        idsHint: '编号可以随意定。换一套试试：输出会变吗？',
        shuffled: '编号是新的，行也跟着搬了家，输出没有变。',
        shuffle: '打乱编号',
        unshuffle: '恢复原来的顺序',
        more: '更多：换一张表',
        seed: '随机表的种子',
        reseed: '下一个种子',
        seedHint: '训练之前，表是随机的，服从 N(0, 1)。换个种子就换了所有的行：在训练之前，词得到什么全凭运气。',
      },
      legend: { heading: '标记', used: '被查的行', times: '次数' },
      problem: (unknown, known) => `${unknown.map((word) => `“${word}”`).join('、')} 没有编号，所以没有行可以复制。已有的词：${known.join('、')}。`,
      status: {
        called(indices, left) {
          if (indices.length === 0) return '没有词进去，也没有行出来。';
          const rows = [...new Set(indices)].map((row) => {
            const times = indices.filter((index) => index === row).length;
            return `第 ${row} 行${times === 1 ? '' : `（${times} 次）`}`;
          });
          const cut = left === 0 ? '' : `图中只放得下 ${indices.length} 个词，其余 ${left} 个未查。`;
          return `${indices.length} 个词进去，${indices.length} 行出来：${rows.join('、')}。${cut}`;
        },
        failed: (unknown) => `没有输出：词表里没有 ${unknown.map((word) => `“${word}”`).join('、')}。`,
        reordered: '编号是新的，每个词的行没有变。',
        reseeded: (seed) => `新的随机表，种子 ${seed}。`,
      },
    },
  },
};
