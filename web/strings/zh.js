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

  heatmap: {
    picture: (name, rows, columns, first, last) => `${name}：${rows} 行，${columns} 列；显示第 ${first} 到第 ${last} 行`,
    rowName: (row, norm) => `第 ${row} 行，范数 ${norm}`,
    rowSummary: (row, norm, largest, column) => `第 ${row} 行：范数 ${norm}，最大的是第 ${column} 列的 ${largest}`,
  },

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
    weight: {
      short: '权重矩阵',
      heading: '这一层就是它的权重矩阵，别无他物',
      text: ['nn.Embedding(N, D) 只有一个参数 weight，形状为 (N, D)：N 行，每个下标一行，每行 D 个数。没有偏置，也没有激活函数。新建的层从 N(0, 1) 抽取每个数；行有没有意义，要看训练。'],
      caption: {
        normal: ({ columns, expectedNorm, meanNorm }) => `全是噪声：还没有哪一行特别。${columns} 个这样的数组成的行，长度大约是 √${columns} = ${expectedNorm}（这里平均 ${meanNorm}），而不是 1。`,
        zeros: () => '全是零：每个下标得到的行都一样，后面的层无法区分不同的下标。',
        arange: () => '什么表都可以。这里的数逐行递增，这也正是它们在内存中的排列顺序。',
      },
      predict: {
        question: '新建的层里，64 个数组成的一行大约有多长（2-范数）？',
        answers: ['1：行一开始就是归一化的', '8', '64'],
        right: 1,
        explanation: '64 个数的均值都是 0，方差都是 1，平方和约为 64，所以长度约为 √64 = 8。nn.Embedding 不会对行做归一化。',
      },
      notice: [
        '参数个数 = N × D。每个 float32 占 4 字节，所以 50,257 × 768 的表有 154 MB，梯度和优化器状态另算。',
        '这些数并不在 0 和 1 之间：约三分之二落在 −1 和 1 之间，大的表里还会有超过 4 的。',
        '行并不知道自己是哪个词。一开始，任何两行都同样互不相干。',
        '一行的 D 个数在内存里紧挨着，所以查表就是复制一整块。',
      ],
      mistakes: [
        ['嵌入的值在 0 和 1 之间。', '初始值服从 N(0, 1)，训练时也没有上限，除非设置 max_norm。'],
        ['行一开始就是归一化的。', '长度一开始约为 √D。移动 D，看右边的条：它们变长，也变得更整齐。'],
        ['行从一开始就有意义。', '它们只是随机数生成器抽出来的；换个种子就是另一些行，训练从哪一些开始都行。'],
        ['嵌入层是带偏置和激活函数的 Linear。', '它只有一个参数，也不对它做任何运算。print(layer) 显示的就是全部。'],
      ],
      teachers: [
        '随机行的长度（10 分钟）。各组分别把 D 设为 1、4、16、64，记下图注里的平均范数。先让学生猜规律，再给出 √D，然后问：D 大的时候，为什么条更整齐？',
        '它有多大？给出大家熟悉的模型的 N 和 D，请学生算参数个数和兆字节数，再用滑块核对两个。',
        '从表到比特。从热图开始，选一个深色的格子，读它所在的行，再看它的 32 个比特。问：翻转第一个比特会怎样？第二个呢？',
      ],
      engineers: [
        'print(embedding) 只写出与默认值不同的选项：Embedding(10, 3, padding_idx=0)。padding_idx=-1 会存为 9，打印出来也是 9。',
        'from_pretrained 接受任何二维表，默认会冻结它：weight.requires_grad 为 False。',
        '与其他层的初始值相比，N(0, 1) 偏大。许多模型改用更小的数，例如 nn.init.normal_(weight, std=0.02)，与输出层共享权重时尤其如此。',
        '随机数生成器是 PyTorch 的 mt19937，换算成正态数的方法也相同，所以同一个种子在两边给出同一张表。达到 16 个数时，PyTorch 填充的顺序与逐个填充不同，本层也一样。',
        '图上只绘制窗口里的行，在 WebAssembly 中通过 256 色的查找表完成。上面的网格为每一行只保留两个单元。',
      ],
      table: '整张表。可以滚动，点击格子，或用 Tab 键进入后用方向键移动',
      mapLabel: 'embedding.weight',
      norms: (longest) => `范数 ≤ ${longest}`,
      closer: {
        row: (row, norm) => `走近一步：第 ${row} 行，范数 ${norm}`,
        rowField: '行',
        columnField: '列',
        strip: (row) => `第 ${row} 行的数，可横向滚动`,
      },
      number: {
        heading: (row, column, text) => `再近一步：weight[${row}, ${column}] = ${text} 是 32 个比特`,
        sign: '符号',
        exponent: '指数',
        fraction: '尾数',
        power: (stored, power) => `${stored} − 127 = ${String(power).replace('-', '−')}`,
        factor: (text) => `1.尾数 = ${text}`,
        product: (sign, factor, power) => `${sign}${factor} × 2 的 ${String(power).replace('-', '−')} 次方。`,
        special: '零，或者小到没有前导的 1：指数位全是 0。',
        shortest: (text, hex) => `能读回同一个数的最短十进制写法：${text}。十六进制：${hex}。`,
      },
      controls: {
        layer: (rows, columns) => `nn.Embedding(${rows}, ${columns})`,
        rows: 'N，行数（num_embeddings）',
        rowsValue: (value) => `${value} 行`,
        columns: 'D，每行几个数（embedding_dim）',
        columnsValue: (value) => `每行 ${value} 个数`,
        init: '表的初始值',
        inits: { normal: 'N(0, 1)', zeros: '全零', arange: '自带的表' },
        range: '颜色覆盖的范围',
        auto: '99% 的数',
        fixed: (reach) => `±${reach}`,
        clipped: (count) => (count === 0 ? '没有超出的数。' : `${count.toLocaleString('en')} 个超出，取那一端的颜色。`),
        more: '更多：用斜线标出符号、种子',
        strokes: '小于零的数都画一道斜线',
        seed: 'torch.manual_seed',
        seedHint: '同一个种子，这里和 PyTorch 得到同一张表。',
      },
      histogram: {
        heading: '所有的数，按大小统计',
        label: (low, high, mean, deviation) => `表的直方图，从 ${low} 到 ${high}：均值 ${mean}，标准差 ${deviation}`,
        bars: '个数',
        curve: 'N(0, 1) 应有的个数',
        reach: '颜色的两端',
        moments: (mean, deviation) => `均值 ${mean}，标准差 ${deviation}。`,
        outside: (count, low, high) => `${count} 个在 ${low} 到 ${high} 之外。`,
        table: '以表格显示',
        from: '从',
        to: '到',
        count: '个数',
      },
      legend: { heading: '标记' },
      status: (rows, columns, count, bytes) => `${rows.toLocaleString('en')} 行，每行 ${columns} 个数：${count.toLocaleString('en')} 个参数，${bytes.toLocaleString('en')} 字节。`,
    },
  },
};
