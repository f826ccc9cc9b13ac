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

  grid: {
    row: '行',
    none: '没有条目',
    times: (count) => `×${count}`,
    cell: (row, column, text) => `第 ${row} 行，第 ${column} 列${text ? `：${text}` : ''}`,
    rowSummary: (row, texts) => `第 ${row} 行：${texts.join('，')}`,
  },

  sections: {
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
        '用十分钟练形状：给出下标形状 ()、(5)、(2, 3)、(0)，先让学生说出输出的形状，谁也别按按钮。规律是什么？再用图下面的按钮核对。',
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
      caption: '表里的数就是各项的编号，看数字就能认出是哪一行。灰色填充的是必须读取的部分：上面要读整张表，下面只读被指到的行。',
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
        ['用 one-hot 输入的线性层，学到的是别的东西。', '从同样的初值出发，学到的是同一张表，梯度也相同，只是慢得多。（nn.Linear 存的是转置，并且默认带偏置。）'],
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
  },
};
