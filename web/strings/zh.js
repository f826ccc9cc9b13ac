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
    optimizers: {
      short: '优化器',
      heading: '训练会移动行，而移动哪些行，各个优化器并不一致',
      text: [
        '一个批次只给它查到的行梯度，其余各行的梯度都是零。其余各行会怎样，由优化器决定：有的让它们原地不动，有的凭记忆让它们继续移动，而权重衰减会让整张表缩小。',
        '下面几个优化器用同样的批次训练同一张表。每一步把一个词和它的邻居拉近，再把第三个词推远。',
      ],
      captions: {
        corpus: 'SGD、Adagrad 和 SparseAdam 只画方块：批次没有提到的行停在原处。带动量的 SGD 和 Adam 在每个方块后面都拖着一条线：查过一次的行，在没有提到它的那些步里仍然继续移动。填充行偶尔会被查到，但从不移动，就是那个空心框。',
        drift: '第 1 行只在第 1 步被查到，之后再也没有。SGD、Adagrad 和 SparseAdam 让它停在那里。带动量的 SGD 和 Adam 在没有梯度的 20 步里继续带着它走。AdamW 每一步都移动所有的行：包括从未被查到的第 3、4 行，也包括填充行；这里给填充行写了一个非零值，好让人看见它在衰减。',
      },
      predict: {
        question: '某一行在第 1 步被查到，之后再也没有。到第 20 步，哪个优化器仍在改变它？',
        answers: ['SGD', 'SparseAdam', 'Adam'],
        right: 2,
        explanation: 'Adam 沿着过去梯度的平均值移动。梯度为零只会让这个平均值变小，所以这一行会继续滑行；带动量的 SGD 也一样。SGD 和 SparseAdam 只改变批次里的行。选择“第 1 行一次，之后只有第 2 行”就能看到。',
      },
      notice: [
        '先碰一次第 1 行，之后只碰第 2 行：SGD、Adagrad 和 SparseAdam 让第 1 行停在那一步之后的位置；带动量的 SGD 和 Adam 继续移动它。',
        '21 步里，Adam 把只查过一次的行带出 5.4 倍学习率那么远；SparseAdam 恰好移动 1 倍。',
        'AdamW 的权重衰减每一步都乘在整张表上，从未被查到的行和填充行也不例外。全零的填充行仍然是零，因为零的一部分还是零。',
        '填充行可以被查到而不移动：它的梯度是零。这能挡住 SGD，挡不住权重衰减。',
        '不带动量的 SGD 和 SparseAdam 移动的行完全相同，走到的地方却不同：SparseAdam 会除以梯度的大小，所以小梯度和大梯度移动得一样远。',
      ],
      mistakes: [
        ['梯度为零，这一行就不动', '只有不带动量、不带权重衰减的 SGD，以及 Adagrad，才是这样。动量和 Adam 的平均值记得以前的梯度，而衰减根本不需要梯度。'],
        ['SparseAdam 就是更快的 Adam', '它是另一条规则。对批次里没有的行，Adam 让平均值逐渐消退并继续移动这些行；SparseAdam 两者都不碰。从第一次有出现过的行缺席的那一步起，两张表就不同了。'],
        ['Adagrad 整层共用一个学习率', '它给表里的每个数各有一个：这个数见过的梯度平方越多，学习率就越小，所以罕见词的行保持着较大的学习率。'],
        ['新出现的行，第一步和别的行一样小', 'SparseAdam 不是这样。它的偏差修正按整张表的步数计算，所以第 10 步才第一次出现的行移动 0.48 倍学习率，第 5,000 步才出现的移动 3.15 倍。'],
      ],
      teachers: [
        '十分钟，先在黑板上：第 1 行得到一次梯度，接下来 20 步都是零。SGD、动量为 0.9 的 SGD 和 Adam 各会怎么处理它？然后选择“第 1 行一次，之后只有第 2 行”来对照。再问：带动量时，这一行最后为什么走到了第一步的大约九倍远？',
        '打开 AdamW，换一个种子。哪些行没有被任何批次提到却在移动？往哪个方向移动？再问：10,000 步之后，一个从未出现的词会怎样？',
        '用词语语料，只留 SGD 和 Adam，学习率先取 0.01，再取 0.5。哪一个对学习率更敏感？为什么“谁动了”的图保持不变？',
      ],
      engineers: [
        '谁动了，由 torch.equal 逐行比较 step() 前后的表来判断，不用任何容差。',
        'sparse=True 时，SGD、Adagrad 和 SparseAdam 只写批次里的行，所以一步的开销取决于批次，而不是表的大小。Adam 和 AdamW 拒绝稀疏梯度。动量需要一个和表一样大的缓冲区，sparse=True 也不例外。',
        'SparseAdam 对整个张量只记一个步数，不为每一行分别记。所以晚到的行的偏差修正几乎是 1，而它的平均值从零开始：第一步最终会增大到 (1 − 0.9) / √(1 − 0.999) = 3.16 倍学习率。',
        '这里 Adagrad 用稠密梯度和稀疏梯度得到相同的数字：没有梯度的行，累加的是零，移动的也是零。',
        '如果不许行漂移，请用 sparse=True 搭配 SGD、Adagrad 或 SparseAdam。每步之后把那一行写回去也可以；用 hook 把它的梯度清零则不行。',
        '语料的损失是相似度（逐项乘积的平均）到目标值的 pseudo-Huber 距离：近邻的目标是 1，第三个词的目标是 −1。它不需要指数和对数，而那两者的最后一位会因机器而异；所以走了 200 步之后，这些表的每一位数字仍与 PyTorch 相同。',
      ],
      controls: {
        step: '走一步',
        play: '播放',
        pause: '暂停',
        run: '走 30 步',
        reset: '重置',
        steps: '已走的步数',
        stepsValue: (steps) => `${steps} 步`,
        preset: '批次',
        presets: { corpus: '12 个词的语料', drift: '第 1 行一次，之后只有第 2 行' },
        lr: '学习率',
        lrValue: (lr) => `lr = ${lr}`,
        which: '优化器',
        more: '更多：维数、梯度、种子',
        dim: 'embedding_dim',
        plain: '2',
        projected: '16，经 PCA',
        grads: '梯度',
        gradsChoices: { own: '各取所需', dense: '全部稠密', sparse: '全部稀疏' },
        seed: '表的种子',
      },
      pad: '填充',
      row: (row) => `第 ${row} 行`,
      panel: {
        gradients: (sparse) => (sparse ? 'sparse=True' : '稠密'),
        refuses: '它拒绝走第一步。',
        plane: (label, steps, moved, rows) => `${label}，${steps} 步之后：把表画成 ${rows} 个点；最后一步移动了 ${moved} 个`,
        noneYet: '还没有走',
        moved: (moved, rows, drifted) => `${rows} 行中动了 ${moved} 行，其中 ${drifted} 行没有被查到`,
        away: (rows) => `有 ${rows} 行跑出了平面：学习率太大。`,
        way: '第 1 行已移动',
        raster: (label, moment, steps) => (moment === null ? `${label}：谁动了，还没有走` :
          `${label}：谁动了。第 ${steps} 步查了第 ${moment.touched.join('、')} 行，${moment.moved.length === 0 ? '没有移动任何行' : `移动了第 ${moment.moved.join('、')} 行`}`),
        step: (step) => `第 ${step} 步`,
        loss: '所有批次的平均损失',
        lossLabel: (first, last) => `所有批次的平均损失：从 ${first} 到 ${last}`,
      },
      legend: {
        plane: '平面图的标记',
        raster: '“谁动了”的标记',
        touched: '这一步查到',
        moved: '这一步移动',
        stayed: '没有移动',
        pad: '填充行',
        trail: '最近 30 步',
        block: '查到并移动',
        drift: '没有查到却移动',
        still: '查到而没有移动',
      },
      status: {
        batch({ steps, batch, corpus }) {
          if (steps === 0) return '还没有走：所有的表都相同。';
          const [word, near, far] = corpus.names ? batch.map((row) => corpus.names[row]) : batch;
          if (batch.length === 1) return `第 ${steps} 步查第 ${word} 行，把它拉向原点。`;
          return `第 ${steps} 步查 ${word}、${near} 和 ${far}：把 ${word} 和 ${near} 拉近，${far === 'pad' ? '没有第三个词可推' : `把 ${far} 推远`}。`;
        },
        said({ steps, panels }, label) {
          if (steps === 0) return '还没有走：所有的表都相同。';
          return `第 ${steps} 步之后：${panels.map(({ name, now, drifted, error }) => (error !== null ? `${label(name)} 拒绝这种梯度` :
            `${label(name)} 移动了 ${now.moved.length} 行${drifted.length === 0 ? '' : `，其中 ${drifted.length} 行没有被查到`}`)).join('；')}。`;
        },
        atEnd: (most) => `这是第 ${most} 步，也是最后一步。请重置后再开始。`,
      },
      projection: (share) => `平面图把 16 维投影到 2 维：两条轴是这些表走 60 步之后的主成分，保留了 ${share} 的方差。轴固定不动，所以只有行动了，点才会动。`,
      firstTouch: {
        heading: 'SparseAdam 对一行的第一步有多大，取决于整张表已经走了多少步',
        step: '第一次被查到的步',
        moves: '移动多少个学习率',
        caption: '虚线是一个学习率。罕见词来得晚，第一步有三倍那么大。',
      },
      table: {
        choose: '显示谁的数字和程序',
        heading: (label, steps) => `${label} 的表，${steps} 步之后的数字`,
        region: '表中的数字，可横向滚动',
        moved: '这一步',
        pad: '填充',
        yes: '移动',
        drifted: '没有查到却移动',
        no: '没有移动',
      },
    },
  },
};
