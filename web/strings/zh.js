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

  export: {
    heading: '带走',
    link: '复制指向当前状态的链接',
    linked: '已复制',
    inPlace: '此框架不允许保存文件，请从这里保存：',
    notHere: '二进制文件无法在此显示，请在框架之外打开本页再保存。',
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

    lookup: {
      short: '查表',
      heading: '查表就是复制行，次序和形状都由你定',
      text: [
        '下标张量中的每个数，都换成它所指的那一行。所以输出的形状就是下标的形状再多一维，多出来的这一维放行里的数。同一个下标可以出现两次，那一行就复制两次。',
        '没有对应行的数会报错：既不会绕回去，也不会取整。',
      ],
      caption: '改一个下标；或者指向一个下标、一行、一份副本，看它从哪里来，到哪里去。',
      predict: {
        question: '表有 6 行。embedding(torch.tensor([-1])) 会得到什么？',
        answers: ['最后一行，即第 5 行', '一行零', '报错'],
        right: 2,
        explanation: '嵌入层不像 Python 列表那样从末尾数起：它的行是 0 到 5，−1 不在其中。按下面的 [-1]，看看 PyTorch 怎么说。（padding_idx 是例外：在那里 −1 确实指最后一行。）',
      },
      notice: [
        '[2, 0, 5, 2] 里 2 出现两次，第 2 行也就出来两次，每个数都一样。',
        '有多少个下标，输出就有多少行；次序跟着下标走，与表中的次序无关。',
        '输出形状 = 下标形状 + (embedding_dim,)。标量得到一行，空张量一行也没有。',
        '每个下标读取 embedding_dim × 4 个字节。表有多少行，与此无关。',
        '只要有一个下标不合法，整个调用就失败，什么也不输出。',
      ],
      mistakes: [
        ['负下标从末尾数起。', 'Python 列表和 weight[-1] 是这样。查表时则会报 IndexError: index out of range in self。'],
        ['浮点下标会被取整。', '会被拒绝，1.0 和 1.5 都一样：下标的类型必须是 Long 或 Int。可以用 .long() 转换，但要知道小数部分会被直接舍去。'],
        ['下标超出表的范围，就得到最后一行，或者绕回开头。', '会报错。表里没有的词需要有自己的一行，通常叫 <unk>。'],
        ['表越大，查表越慢。', '只读取所要的行。不过表非常大时还是可能变慢，因为它的行很少正好在处理器的缓存里。'],
        ['输入必须是一串词，或者必须是二维的。', '什么形状都行，(batch, length) 只是最常见的一种。词要先变成数。'],
      ],
      teachers: [
        '用十分钟练形状：给出下标形状 ()、(5)、(2, 3)、(4, 0)，先让学生说出输出的形状，谁也别按按钮。规律是什么？再用图下面的按钮核对。',
        '让学生写一个下标张量，使输出中同一行出现三次；再写一个，使输出形状为 (2, 2, 4) 且四行各不相同。这样的张量一共有多少个？',
        '依次展示 [-1]、[6]、[1.0]。如果在 NumPy 里写 weight[i]，三者中哪个能通过？PyTorch 为什么宁可在这里报错？',
      ],
      engineers: [
        '输出是副本：往里面写，权重不变。weight[2] 则是表的视图。',
        '在 CUDA 设备上，坏下标是由核函数里的断言发现的：消息来得晚，写的是 “device-side assert triggered”，而且之后 CUDA 上下文就不能用了。把同一调用放到 CPU 上再跑一次，才能看出是哪个下标。',
        'C 核心先检查所有下标，再复制第一行，所以失败的调用什么也没写，连 out 也没有动。',
        'JavaScript 分不清 1.0 和 1，所以 forward([1.0]) 会查第 1 行。被拒绝的是 float32 张量、Float32Array，以及 1.5 这样的数。',
        'torch.tensor([]) 是浮点张量；空的下标张量要写 dtype=torch.long。',
      ],
      presets: '试一个下标张量',
      presetNames: { '2,0,5,2': '[2, 0, 5, 2]', '1,2;4,3': '[[1, 2], [4, 3]]', 'scalar:3': '标量 3', '': '空 []', '-1': '[-1]', 6: '[6]', '1.0': '[1.0]' },
      shape: '下标张量的形状',
      addIndex: '+ 下标',
      removeIndex: '− 下标',
      addColumn: '+ 列',
      removeColumn: '− 列',
      addRow: '+ 行',
      removeRow: '− 行',
      indicesLabel: '下标张量',
      indexAt: (position) => `位置 [${position.join(', ')}] 的下标`,
      weightCaption: 'embedding.weight：方向键移动，按 s 读出一行',
      outputAt: (position, row) => `输出的位置 [${position.join(', ')}]，第 ${row} 行的副本`,
      row: (row) => `第 ${row} 行`,
      noIndices: '没有下标',
      noOutput: '没有行',
      unchanged: 'JavaScript：调用失败后，表与调用前相同',
      failed: '调用失败：什么也没有复制，表也没有变。',
      failedWith: (text) => `调用失败，什么也没有改变。${text}`,
      /** `rows` in the order of the indices. */
      status({ rows, bytes, embeddingDim }) {
        if (rows.length === 0) return '没有下标，也就没有行：调用成功，输出为空。';
        const repeated = [...new Set(rows.filter((row, n) => rows.indexOf(row) !== n))].sort((a, b) => a - b);
        const twice = repeated.length === 0 ? '' : `第 ${repeated.join('、')} 行复制了不止一次。`;
        return `${rows.length} 个下标，复制了 ${rows.length} 行。${twice}读取：${rows.length} × ${embeddingDim} 个数 × 4 字节 = ${bytes} 字节，与表有多长无关。`;
      },
    },

    'one-hot': {
      short: 'One-hot',
      heading: '查表等于 one-hot 矩阵乘以表，只是省去了浪费',
      text: [
        '把每个下标写成一行 0，其中只有一个 1，再乘以表，得到的正是那一行：所以嵌入层就是没有偏置的线性层。gather 则直接到那一行的位置去读。数字相同，工作量不同。',
      ],
      caption: '表里的数就是各项的编号，看数字就能认出是哪一行。深色表示必须读取的部分：上面要读整张表，下面只读被指到的行。',
      predict: {
        question: '表从 10 行增加到 10,000 行，一批仍是 4 个下标。gather 要读的数据变成多少？',
        answers: ['原来的 1,000 倍', '与原来一样多', '大约 4 倍'],
        right: 1,
        explanation: '无论行在哪里，gather 每个下标只读一行。乘积则要多算 1,000 倍，因为 one-hot 矩阵的每一行都和表一样长。',
      },
      notice: [
        '“相等”不是画上去的：Tensor.equal 逐个比较了两边的输出。',
        '10 行、4 个下标时，要做 160 次乘法，其中 144 次是乘以 0。',
        '到了 10,000 行，同样的图要做 160,000 次乘法。gather 的条一点没动。',
        '10,000 行、每行 64 个数、32 个下标时，在制作本页的机器上，乘积用了 9 ms，gather 用了 0.4 µs。',
        '在乘积里，表的梯度等于 one_hotᵀ 乘以输出的梯度：没有被指到的行，梯度全是 0。',
      ],
      mistakes: [
        ['gather 是 one-hot 乘积的近似。', '两者相等。乘积中的每个和只有一项不为 0，没有任何舍入。'],
        ['nn.Embedding 内部真的会造出 one-hot 向量。', '不会：层里的下标一直是整数，做的只是复制行。one-hot 是数学上的写法。'],
        ['嵌入是一种激活函数，或者一种哈希。', '它是作用在 one-hot 向量上的线性映射。没有压缩，两个下标也不会共用一行。'],
        ['用 one-hot 输入的线性层，学到的是别的东西。', '学到的是同一张表，梯度也相同，只是慢得多。（nn.Linear 存的是转置，并且默认带偏置。）'],
      ],
      teachers: [
        '纸上练习：用 [0, 0, 1, 0] 乘以一张 4 行 2 列的表。真正用到了表中的哪些数？按规则又写下了哪些数？',
        '滑块先别动，让学生猜：50,257 行（GPT-2 的词表）时两根条各有多长。然后按“两种都运行”。测得的比值与数出来的一致吗？为什么可能不一致？',
        '提问：既然两者相等，为什么论文写 one-hot，程序写 gather？乘积让我们看到了查表所掩盖的什么？（映射是线性的；梯度流向哪里。）',
      ],
      engineers: [
        '只有表里的数都有限时才相等：0 · ∞ 和 0 · NaN 都是 NaN，所以没人查的某一行里只要有一个这样的数，就会毁掉乘积的一整列，而 gather 不受影响。',
        '存的是 −0.0，乘积得到的是 +0.0。请像 torch.equal 那样比较值，不要比较比特。',
        'PyTorch 的 F.one_hot 给出 int64，需要 .float()；functional.oneHot 直接给出 float32。',
        '乘积按此计数：批大小 × 行数 × 4 次乘加；one_hot 与 weight 各读一遍。gather：下标，以及每个下标一行。造 one-hot 矩阵的开销另算，但包含在实测时间里。',
        '实测的 gather 时间主要花在调用本身：进入 WebAssembly 和新建张量，比复制还贵。',
      ],
      count: (number) => number.toLocaleString('en'),
      duration: (milliseconds) => (milliseconds < 1 ?
        `${(milliseconds * 1000).toLocaleString('en', { maximumSignificantDigits: 2 })} µs` : `${milliseconds.toLocaleString('en', { maximumSignificantDigits: 2 })} ms`),
      matmulTitle: 'One-hot × 矩阵',
      gatherTitle: 'Gather',
      matmulShort: 'one-hot × 矩阵',
      gatherShort: 'gather',
      oneHotLabel: (ones, n) => `one-hot 矩阵，${ones.length} 行 ${n} 列：都是 0，只有第 ${ones.join('、')} 列是 1`,
      readAll: (n) => `读取全部 ${n.toLocaleString('en')} 行`,
      readSome: (count, n) => `${n.toLocaleString('en')} 行中读取 ${count} 行`,
      row: (index) => `第 ${index} 行`,
      more: (count) => `还有 ${count} 行`,
      equal: 'True：数字相同',
      unequal: 'False：数字不同',
      costs: '代价，对数刻度',
      multiplyAdds: '乘加次数',
      bytesRead: '读取的字节',
      time: '每次调用的时间，在此实测',
      scale: '由形状数出。整根条是一千万；每十倍占七分之一。',
      controls: '大小',
      rows: '表的行数',
      sayRows: (n) => `${n.toLocaleString('en')} 行`,
      batch: '一批的下标数',
      sayBatch: (b) => `${b} 个下标`,
      run: '两种都运行',
      running: '正在运行…',
      runHint: '在你的机器上测量两种做法，不到一秒。按下之前不做任何计时。',
      outdated: '已测量，但大小在此期间改变了，请再运行一次。',
      ran: ({ matmul, gather }) => `在这台机器上实测：one-hot 加乘积 ${zh.sections['one-hot'].duration(matmul.milliseconds)}（${matmul.repeats.toLocaleString('en')} 次调用的平均），gather ${zh.sections['one-hot'].duration(gather.milliseconds)}（${gather.repeats.toLocaleString('en')} 次调用的平均）。`,
      status: ({ b, equal, multiplyAdds, withZero }) => `${equal ? '相等' : '不相等'}：两种做法各得 ${b} × 4 个数。乘积要做 ${multiplyAdds.toLocaleString('en')} 次乘加，其中 ${withZero.toLocaleString('en')} 次含 0；gather 一次也不做。`,
    },

    gradient: {
      short: '梯度',
      heading: '梯度只落在用到的行上，重复的会相加',
      text: [
        '查表就是把行复制出来。反向传播时，输出的每一行把传到它那里的梯度交还给表中被复制的那一行。被复制了三次的行会收到三份梯度，三份相加；没有被复制的行什么也收不到。',
      ],
      predict: {
        question: '第 1 行被查了三次，第 3 行被查了一次，传来的梯度处处是 1。设 scale_grad_by_freq=True，第 1 行和第 3 行的梯度分别是多少？',
        answers: ['3 和 1', '1 和 1', '1/3 和 1'],
        right: 1,
        explanation: '三个 1 相加得 3，再除以 3，也就是第 1 行在这次调用中出现的次数。第 3 行只出现一次，所以不变。勾选 scale_grad_by_freq 就能看到。',
      },
      picture: {
        table: '表的梯度',
        upstream: '传到输出的梯度',
        from: '来自',
        sum: (positions, scaled) => (positions.length === 0 ? '' : `输出 ${positions.join('、')}${positions.length === 1 ? '' : scaled ? `：和 ÷ ${positions.length}` : '：求和'}`),
        arrives: '从这里传来',
        position: '输出',
        output: (position, index) => `${position}，来自第 ${index} 行`,
        nothing: '这次调用没有下标，输出没有行，也就没有梯度传来。',
        hint: '可以改动传来的梯度：上下拖动一个数（触摸屏上先点一下），或按 Shift 加方向键，或按 Enter 后输入。',
      },
      controls: {
        upstream: '传来的梯度',
        presets: { ones: '全是 1', oneHot: 'one-hot', random: '随机' },
        more: '更多：sparse、撤销、两种设置并排比较',
        sparse: '（PyTorch 不允许与 scale_grad_by_freq 同用，本库允许）',
        undo: '撤销',
        reset: '重置',
      },
      failed: '调用失败，没有输出，也就没有梯度传回来。',
      compare: { heading: '两种设置并排比较', count: '次数', norm: '2-范数' },
      status({ repeated, unused, total, scaled }) {
        if (total === 0) return '没有查任何行，所以没有行得到梯度。';
        const sums = repeated.length === 0 ? '每个查到的行只得到传到它那份副本的一份梯度。' :
          repeated.map(({ row, count }) => `第 ${row} 行被查了 ${count} 次，所以 ${count} 份梯度在它那里相加${scaled ? `，再除以 ${count}` : ''}。`).join('');
        return unused.length === 0 ? sums : `${sums}第 ${unused.join('、')} 行没有被查到，没有条目。`;
      },
      code: { differ: '两者不同：PyTorch 不允许同时使用这两个选项，本库允许' },
      notice: [
        '[1, 1, 1, 3] 配上全 1 的梯度，第 1 行得 3，第 3 行得 1。设 scale_grad_by_freq=True 后，两行都得 1。',
        '这里的“频率”是下标在这一次调用中出现的次数，与语料无关。',
        '权重的数值在这里无关紧要：复制的梯度与复制了什么无关。',
        '画斜线的行，PyTorch 存的是 0。收到的梯度恰好为 0 的行在内存里看起来一样，但它确实被用到了。',
        '再做一次反向传播，梯度会继续加到 weight.grad 上，直到调用 optimizer.zero_grad()。',
      ],
      mistakes: [
        ['下标重复时，以最后一次为准。', '它们按位置的先后相加，谁也不会覆盖谁。'],
        ['scale_grad_by_freq 除以的是词频。', '层并不知道语料。它除以的是下标在被求导的这次调用中出现的次数。'],
        ['梯度也会传到下标。', '下标是整数，只起选择作用，没有什么可学的：只有 weight 有梯度。'],
        ['每一行都会得到一点梯度。', '不管表有多少行，只有这次调用点名的那些行才有梯度。低频词学得慢，这是原因之一。'],
      ],
      teachers: [
        '十分钟：选 one-hot，让学生先说出第 1 行的哪几列会是 1，再看结果。每个输出行占一列，所以从和里能看出是谁传来的。',
        '把传到输出 0 的梯度改成 2，传到输出 1 的改成 −2。两者相加，第 1 行从它们那里什么也没得到，虽然它被用了两次：问问学生，“梯度为 0”是不是等于“没有用到”。',
        '不断往调用里加下标，直到每一行都被用到。问：如果表有 50,257 行，每步 32 个下标，要多少步？',
      ],
      engineers: [
        'gather 的反向是 scatter-add。PyTorch 里叫 embedding_dense_backward：先把 V × D 个浮点数清零，再为每个下标加一行。',
        '设了 scale_grad_by_freq 时，传来的每一行先乘以 1/次数再相加，所以最后一位可能与“先求和再除”不同。',
        '在 CPU 上，同一行的加法按位置的先后进行，结果逐位可重复。在 GPU 上，PyTorch 可能以别的顺序相加。',
        'PyTorch 2.13 中，sparse=True 与 scale_grad_by_freq=True 同用，会在反向传播时（而不是之前）报错“embedding_backward: scale_grad_by_freq not supported with sparse gradients”。本库则把存下的每一行除以次数。',
      ],
    },

    'padding-idx': {
      short: 'padding_idx',
      heading: 'padding_idx 那一行初始为零、得不到梯度，它保证的只有这两点',
      text: [
        '一批句子要补到同样的长度，用来补位的符号和普通的词一样，也要占一行。padding_idx 指出是哪一行。由此只有两个结果：构造时这一行被置为零；本层的反向传播跳过这一行。它没有被锁住，补位也没有被屏蔽：这一行存着什么，查表就返回什么。',
      ],
      caption: '每一步都给出这一行之前和之后的值，旁边是梯度：输出处到达了多少，这一行得到了多少。梯度到不了这一行，所以普通的训练不会改动它。权重衰减、max_norm 和手工赋值都不需要梯度，它们会改动它。',
      captionNone: '没有填充行时，第 0 行和别的行一样：开始时是抽取的值，梯度会到达它，每一步训练都会移动它。',
      predict: {
        question: '这一行现在是 [0.95, 1.9, 2.85, 3.8]，范数为 5.2。一个 padding_idx=0、max_norm=1 的层查到它，会怎样？',
        answers: ['什么也不发生，因为它是填充行', '输出被缩短，表不变', '表里的这一行被缩短'],
        right: 2,
        explanation: 'max_norm 不认得填充行：凡是被查到而又过长的行，都会在表里被缩短。按“查表，max_norm = 1”就能看到。',
      },
      notice: [
        '构造函数先从 N(0, 1) 抽取所有的行，再把填充行置为零。这件事只做一次：之后再运行 nn.init.normal_ 之类的初始化，这一行又会被填上随机数。',
        '训练一步时，输出的每个位置都收到全为 1 的梯度。对于填充行，其中没有任何一点进入 weight.grad。',
        '全为零的填充行在权重衰减下仍是零，因为没有可以缩小的东西。只有当这一行不是零时，才看得出衰减的作用。',
        'from_pretrained 原样接受给它的表。不管有没有 padding_idx，它都不会把任何一行置零。',
        'padding_idx=-1 指最后一行，打印出来是 4。但是用 -1 去查表仍然会报错。',
      ],
      mistakes: [
        ['填充行永远是零', '只有刚构造完时是这样。给 weight 赋值、重新初始化、from_pretrained、手工写入，都会留下别的数，查表返回的就是这些数。一再有人把它当作 bug 来报告（PyTorch issue #1812、#6411、#6495）。想要零，就在最后写入零：embedding.weight.data[embedding.padding_idx].zero_()。'],
        ['填充已经被屏蔽了', '查表只是把这一行复制出来，它的数会进入后面的每一个求和、平均、最大值和注意力。要在那里屏蔽：用 mask、key_padding_mask、pack_padded_sequence，或者带 padding_idx 的 EmbeddingBag。第二个图里有具体的数字。'],
        ['没有梯度就等于冻结', '这一行仍在优化器的参数里，而权重衰减作用于数值，不看梯度。AdamW 默认就有衰减。'],
        ['这一行的梯度永远是零', '为零的只是这次查表传来的梯度。如果输出层共用同一个权重（许多语言模型都这样），输出层的梯度会到达这一行。'],
        ['padding_idx=0 没有坏处，设上就好', '它使第 0 行不参与训练。如果下标 0 是一个真正的词或实体，它就永远学不到东西。'],
        ['用 -1 补位，padding_idx=-1 会处理好', 'padding_idx 可以从后往前数，下标不行：embedding([-1]) 会抛出 IndexError。请用这一行真正的行号来补位。'],
      ],
      teachers: [
        '按“重新开始”，让全班在你按下每个按钮之前先猜结果，顺序是：写入、训练、权重衰减、max_norm。每次都问：是谁改了这一行？它需要梯度吗？',
        '把 padding_idx 设为 None，再看同样的经过。哪些步骤不同，哪些相同？（开头和训练的步骤不同；写入和 max_norm 相同。）',
        '按“重新开始”，然后马上用 weight_decay 训练。这一行仍是零。为什么这让几乎所有人都注意不到衰减？什么时候才会发现？',
        '在第二个图里，让填充行为零，分别对 sum、mean、max 把填充数从 0 调到 4。对哪一种来说，全零的行没有影响？对另外两种为什么有？',
      ],
      engineers: [
        '反向传播跳过下标等于 padding_idx 的位置；sparse=True 时这些条目不进入梯度，因此只查填充行会得到 nnz=0。',
        '如果这一行不是零，数值梯度和解析梯度在这一行就会不同，这是设计如此；F.embedding 的文档里有说明（PyTorch #93950、#99181）。',
        '构造函数把负的 padding_idx 换算成行号，所以 5 行的表用 -1，repr 打印的是 padding_idx=4。F.embedding 在每次调用时也这样换算。',
        'EmbeddingBag 在归约时就把填充排除在外：mean 除以其余条目的个数；只有填充的袋子结果为零。',
        '要让权重衰减不碰这一行，可以给这张表单独设一个 weight_decay=0 的参数组，或者每一步之后把这一行重新置零。',
      ],
      pad: '填充',
      noGrad: '无梯度',
      errorLead: '没有这一行，所以也没有这个层。',
      errorHint: '请另选一个 padding_idx：0 到 4 行，或者从后往前数的 −1 到 −5。',
      full: (most) => `最多记录 ${most} 步。请撤回几步，或者重新开始。`,
      takenBack: (left) => `已撤回，还剩 ${left} 步。`,
      startedOver: '已重新开始：一个新的层。',
      chosen: (row, padded) => (padded ? `填充行是第 ${row} 行。已按同样的经过重新运行。` : '没有填充行。已按同样的经过重新运行，显示的是第 0 行。'),
      failed: (text) => `没有这一行。${text}`,
      willWrite: (values) => `手工写入的值现在是 ${values.join('，')}。`,
      happened: ({ n, row, before, after, changed, verdict }) => `第 ${n} 步。第 ${row} 行${changed ? `原来是 ${before.texts.join('，')}，现在是 ${after.texts.join('，')}` : `仍是 ${after.texts.join('，')}`}。${verdict}`,
      timeline: {
        label: (row) => `第 ${row} 行的经过，一步一步`,
        event: '发生的事',
        verdict: '结果',
        values: (row) => `表的第 ${row} 行`,
        gradient: '它的梯度',
        before: { any: '之前', construct: '抽取', pretrained: '给定' },
        after: '之后',
        rowBefore: (row) => `第 ${row} 行，之前`,
        rowAfter: (row) => `第 ${row} 行，之后`,
        arrives: '到达',
        arrivesLong: '到达输出的梯度',
        gets: '得到',
        getsLong: (row) => `第 ${row} 行得到的梯度`,
        around: '经由输出层',
        noBackward: '没有反向传播',
        names: {
          construct: '构造', pretrained: 'from_pretrained', write: '手工写入', init: '重新初始化', zero: '手工置零',
          train: '训练一步', decay: '训练，有权重衰减', adamw: '用 AdamW 训练', tied: '训练，输出层共用权重', lookup: '查表，有 max_norm',
        },
      },
      verdicts: {
        construct: ({ padded }) => (padded ? '和每一行一样从 N(0, 1) 抽取，然后置为零。' : '和每一行一样，从 N(0, 1) 抽取。'),
        pretrained: ({ padded }) => (padded ? '原样接受：没有任何一行被置零。' : '原样接受。'),
        write: ({ padded }) => (padded ? '写入什么就是什么，查表也返回它。' : '写入什么就是什么。'),
        init: ({ padded }) => (padded ? '重新抽取：初始化函数不认得填充行。' : '和每一行一样，重新抽取。'),
        zero: () => '是零，直到别的东西改写它。',
        train: ({ changed }) => (changed ? '随梯度移动。' : '没有动：它的梯度是零。'),
        decay: ({ padded, changed }) => (!padded ? '随梯度和衰减移动。' : changed ? '梯度为零，还是动了：衰减缩小的是数值本身。' : '没有动：衰减缩小数值，而这里全是零。'),
        adamw: ({ padded, changed }) => (!padded ? '随梯度和衰减移动。' : changed ? '梯度为零，还是动了：AdamW 默认就有衰减。' : '没有动：衰减缩小数值，而这里全是零。'),
        tied: ({ padded, changed }) => (!changed ? '没有动。' : padded ? '动了：梯度是从输出层来的，padding_idx 管不到那里。' : '随两处的梯度移动。'),
        lookup: ({ padded, changed }) => (!changed ? '不比 max_norm 长，所以只是复制。' : padded ? '在表里被缩短，和任何被查到的行一样。' : '在表里被缩短。'),
      },
      controls: {
        heading: '让这一行经历点什么',
        fromFront: '从前往后数',
        fromBack: '从后往前数',
        padRow: (row, rows) => (row >= rows || row < -rows ? `${row}（没有这一行）` : row < 0 ? `${row}（第 ${row + rows} 行）` : String(row)),
        groups: { layer: '新的层', write: '写入', train: '用 SGD 训练一步', lookup: '查表' },
        events: {
          construct: () => '构造',
          pretrained: () => 'from_pretrained',
          write: (values) => `写入 [${values.join(', ')}]`,
          train: () => '普通',
          decay: () => 'weight_decay = 0.5',
          lookup: () => '查表，max_norm = 1',
          init: () => '重新初始化',
          zero: () => '手工置零',
          adamw: () => '用 AdamW 训练',
          tied: () => '训练，输出层共用权重',
        },
        more: '还可能发生的事',
        written: '手工写入的值',
        writtenAt: (column) => `手工写入的第 ${column} 个数`,
        takeBack: '撤回一步',
        startOver: '重新开始',
      },
      tables: {
        now: '，现在',
        returns: '返回',
        last: '，最近一步训练',
        noGradient: '还没有训练过：weight.grad 是 None',
      },
      mean: {
        heading: '填充没有被屏蔽：它的数会进入和与平均',
        text: '两个词，用第 0 行补足长度，合成一行。先查表再求平均，会把给它的每一行都算进去。带 padding_idx 的 EmbeddingBag 则排除填充，求和时不加，计数时也不算。',
        rows: '查到的行',
        row: (index) => `第 ${index} 行`,
        leftOut: '排除在外',
        all: '填充也算在内',
        without: '填充被排除',
        result: { mean: '平均', sum: '和', max: '最大' },
        allNote: (mode, pads) => ({ mean: `除以 ${pads + 2}`, sum: `${pads + 2} 行相加`, max: `逐列取 ${pads + 2} 个中最大的` })[mode],
        withoutNote: (mode) => ({ mean: '除以 2', sum: '2 行相加', max: '逐列取 2 个中最大的' })[mode],
        status({ mode, pads, zeros, equal, all, without }) {
          const numbers = `[${all.join(', ')}] 和 [${without.join(', ')}]`;
          if (pads === 0) return `没有填充时两者相同：${numbers}。`;
          if (equal) return `两者相同，${numbers}：${mode === 'sum' && zeros ? '加上零不改变什么。' : '这里填充恰好没有影响。'}`;
          if (!zeros) return `填充行不是零，它的数进了结果：${numbers}。`;
          if (mode === 'mean') return `填充行是零，平均还是变小了：${numbers}。`;
          return `零比任何负数都大：${numbers}。`;
        },
        mode: '怎样合成一行',
        pads: '填充个数',
        fill: '填充行的值',
        code: '第二个图对应的代码',
      },
    },

    sparse: {
      short: '稀疏梯度',
      heading: '稀疏梯度：同样的数字，存成一串行',
      text: [
        '稠密梯度和表一样大，不管用到的行有多少。设 sparse=True 后，梯度变成一个列表：每个下标一张卡片，上面是行号和这一行。被查了两次的行有两张卡片，直到 coalesce() 把卡片排好序，并把同一行的相加。',
        '权重仍然是一张普通的表，变的只是梯度的存法；而且并非每种优化器都接受这种存法。',
      ],
      predict: {
        question: '一张表有 50,257 行，每行 768 个数，一步查其中 32 行。稀疏梯度小多少？',
        answers: ['约 2 倍', '约 30 倍', '约 1,500 倍'],
        right: 2,
        explanation: '稠密梯度存 50,257 行，154 MB，几乎全是 0。稀疏梯度只存 32 行和 32 个行号，约 99 kB。50,257 / 32 约为 1,570，行号再占去一点。',
      },
      picture: {
        dense: '稠密梯度：每一行都存',
        sparse: (count) => `稀疏梯度：${count} 张卡片`,
        index: '下标',
        card: (row) => `第 ${row} 行的卡片`,
        again: '又一张',
        merged: (count) => `${count} 张相加`,
        pad: 'pad',
        zeros: '全是 0',
        noCards: '没有卡片：什么也没查，或者只查了填充行。',
      },
      controls: { coalesce: 'Coalesce', uncoalesce: '恢复到达时的样子', reset: '重置', more: '更多：padding_idx、重置' },
      failed: '调用失败，两种形式的梯度都没有。',
      status({ stored, distinct, isCoalesced, dropped, pad, zeros, repeated }) {
        const gone = dropped === 0 ? '' : `第 ${pad} 行是填充行，没有卡片。`;
        if (stored === 0) return `没有卡片。稠密梯度照样存着 ${zeros} 行 0。${gone}`;
        if (isCoalesced) return `${distinct} 张卡片，已排序，每行一张${repeated.length === 0 ? '' : `；第 ${repeated.join('、')} 行的卡片已相加`}。${gone}`;
        return `${stored} 张卡片，按调用中的先后排列${repeated.length === 0 ? '' : `；第 ${repeated.join('、')} 行不止一张`}。稠密梯度存着同样的数字，外加 ${zeros} 行 0。${gone}`;
      },
      bytes: {
        heading: '存了多少字节',
        here: (rows, columns) => `上面的表：${rows} × ${columns}`,
        real: (rows, columns, batch) => `真实的表：${rows} × ${columns}，每步 ${batch} 个下标`,
        dense: '稠密',
        sparse: '稀疏，到达时',
        coalesced: '稀疏，合并后',
        count: (bytes, inUnits) => `${bytes} 字节${/byte|字节/.test(inUnits) ? '' : ` = ${inUnits}`}`,
        formula: '稠密：4 × 行数 × 列数。稀疏：每张卡片 8 + 4 × 列数，其中 8 是行号。',
        summary: (dense, sparse, isSmaller) => (isSmaller ? `每一步，稠密 ${dense}，稀疏 ${sparse}。` : `稠密 ${dense}，稀疏反而要 ${sparse}：下标太多时，列表比表还长。`),
        more: '更多：列数、重复',
        sliders: { rows: '表的行数', batch: '每步的下标数', dim: '列数', repeats: '每行在一步中出现的次数' },
      },
      matrix: {
        heading: '哪种优化器接受哪种梯度',
        dense: '稠密梯度',
        sparse: '稀疏梯度',
        takes: '接受',
        refuses: '拒绝',
        press: '按一个格子：优化器会真的在上面的梯度上运行，它说什么，这里就显示什么。',
        refused: 'step() 拒绝：',
        moved(moved, total, used) {
          if (moved.length === 0) return 'step() 执行了，没有行移动。';
          if (moved.length === total) return `step() 执行了，${total} 行全都动了，包括没有梯度的行：weight decay 会拉动每一行。`;
          return `step() 执行了，动的是第 ${moved.join('、')} 行${moved.length === used.length ? '，也就是有梯度的行' : ''}。`;
        },
      },
      notice: [
        '[2, 4, 4, 1] 得到四张卡片。coalesce() 之后剩三张，已排序：1、2、4。nnz 数的是卡片，所以从 4 变成 3。',
        '两种形式存着同样的数字：卡片的 to_dense() 等于稠密梯度，卡片下面有实时的检验。',
        '稠密梯度每一步都和表一样大；稀疏梯度只和这一批一样大。',
        'padding_idx 的卡片会被丢掉。如果只查了填充行，nnz 是 0，但梯度仍然存在。',
        '优化器需要时会自己合并。调用 coalesce() 是为了读梯度，不是为了训练。',
      ],
      mistakes: [
        ['sparse=True 会让权重变稀疏。', '权重和以前一样是一张完整的表。sparse=True 只改变 weight.grad 的形式。'],
        ['sparse=True 会改变 SGD 学到的结果。', '更新规则相同，只是相加的先后不同，所以最后一位可能不同。'],
        ['什么优化器都能用。', 'SGD、带 momentum 的 SGD、Adagrad 和 SparseAdam 接受稀疏梯度；Adam、AdamW、RMSprop 以及任何 weight_decay 都会拒绝。SparseAdam 则只接受稀疏梯度。'],
        ['nnz 是非零数的个数。', '它是存下的行数，重复的也算。存下的一行里也可以全是 0。'],
      ],
      teachers: [
        '十分钟：把真实的表设为 50,257 行，让学生先手算两种大小：4 × 50,257 × 768 和 32 × (8 + 4 × 768)，再与条形图对照。',
        '找出批次多大时稀疏梯度会超过稠密梯度。问：为什么会有这样一个点？合并之后又如何？',
        '先按“Adam，稀疏梯度”，再按“SparseAdam，稠密梯度”。两条报错互相推荐对方：问学生训练脚本要改哪里。',
      ],
      engineers: [
        'PyTorch 的行号用 int64，每个 8 字节，这里的公式就是这样算的。本库用 int32，4 字节。',
        'PyTorch 2.13 的 clip_grad_norm_ 拒绝稀疏梯度（1.13 接受）。本库的 clipGradNorm 接受。',
        '带 momentum 的 SGD 接受稀疏梯度，但它的缓冲会涉及到目前为止各步的所有行，所以省不了多少。',
        'PyTorch 2.13 中，Adagrad 的第一个稀疏步会打印一条关于 sparse invariant checks 的 UserWarning，无害。',
        '本库没有 RMSprop。在 PyTorch 里它会说“RMSprop does not support sparse gradients”。',
      ],
    },
  },
};
