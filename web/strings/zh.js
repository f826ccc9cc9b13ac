/** Every sentence of the page in Chinese, with the keys of en.js. PyTorch's terms of art stay as PyTorch spells them. */

/** '第 4 行', '第 2、3 行'. */
const rowList = (rows) => `第 ${rows.join('、')} 行`;

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
    'max-norm': {
      short: 'max_norm',
      heading: 'max_norm 会改写被查的行，而且只改写这些行',
      text: ['被查到的行如果比 max_norm 长，嵌入层会先在自己的表里把它朝原点缩短，然后才复制出来。没有被任何下标指到的行，不管多长都保持原样。norm_type 决定长度怎么量，也就决定了边界是什么形状。'],
      caption: '空心是这一行原来的位置，实心是调用之后它在 embedding.weight 里的位置。每一次移动都指向原点，停在边界上。叉号是在边界外、但没有下标指到的行。拖动一行，或者聚焦它再用方向键。',
      predict: {
        question: 'max_norm 等于 1。第 3 行是 [3, 4]，第 4 行是 [30, 40]。调用一次 embedding([3])，之后表里是什么？',
        answers: ['两行都缩短为范数 1', '第 3 行缩短为范数 1，第 4 行不变', '两行都不变：缩短的只是输出'],
        right: 1,
        explanation: '调用会改写它查到的行，就在表里改，别的行一概不动：第 3 行从此变成 [0.6, 0.8]，第 4 行的范数仍是 50，直到有人查到它。',
      },
      notice: [
        '变的是表里的行，不只是输出。在 eval() 下、requires_grad=False 时、no_grad 和 inference_mode 里，也照样会变。',
        '在边界以内的行不动。max_norm 是上限，不是要把每一行都变成的长度。',
        '同一行在一次调用中出现两次，也只缩放一次。',
        '用同样的下标再查一次，就没有什么可缩的了。',
        '填充行（padding_idx）没有特殊待遇：它若在边界外又被查到，一样会被缩放。',
      ],
      mistakes: [
        ['max_norm 会裁剪梯度。', '它从不碰梯度。它在 forward 时缩短权重。裁剪梯度的是 clip_grad_norm_。'],
        ['有了 max_norm，整张表都在球内。', '只有被查到的行，而且只在被查的那一刻。没有下标指到的行会一直留在外面；优化器走下一步，又可能把任何一行推出去。'],
        ['行会移到边界上最近的点。', '它沿着通向原点的射线移动。p = 1、max_norm = 1.4 时，[2.4, 1.6] 变成 [0.84, 0.56]；而最近的点是 [1.1, 0.3]。'],
        ['max_norm=1 会让每一行的范数都等于 1。', '比 max_norm 短的行不会被拉长。要让所有行的范数都是 1，请对输出使用 F.normalize。'],
        ['forward 没有副作用。', '设了 max_norm，它就会写权重。用不同的下标调用两次，会留下两张不同的表。'],
      ],
      teachers: [
        '十分钟，先在纸上做。设 max_norm = 2，画出 p = 1、2、∞ 的边界，再画出行 [3, 4]。每条边界在哪里与通向原点的射线相交？然后在图中选择 p。提问：哪个 p 把这一行缩得最多，哪个最少？对每一行都是这样吗？（p = 1 缩得最多，p = ∞ 最少，因为范数不会随 p 增大；行在坐标轴上时都一样。）',
        '十分钟，两人一组。先不按按钮，一人写下“查表、一步、一步、查表”之后这一行各次的范数，另一人在锯齿图里试。提问：在哪些时刻，max_norm 对整张表成立？应该在什么时候保存模型？',
        '五分钟，检查理解。把下标依次改为 [3]、[4]、[3, 4]，每次都按“查表”。提问：到目前为止哪些行动过？换个顺序，会得到另一张表吗？（先是 3，后来 4 也动了；不会，第三次调用什么也没改。）',
        '编程课：让全班运行“就地修改”那个出错的程序，读出错误信息，并指出是哪一行代码改了什么。然后加上 clone。提问：clone 的代价是什么？还有什么办法？（复制整张表；或者先查表，再做乘法。）',
      ],
      engineers: [
        '规则（float32）：scale = max_norm / (norm + 1e-7)，仅在 norm > max_norm 时使用。所以缩放后的行，范数在舍入误差内等于 max_norm，再查时不再变化。',
        '紧接在 optimizer.step() 之后保存的状态，可能有行在边界之外。如果导出的表必须满足上限，先把所有行查一遍：embedding(torch.arange(num_embeddings))。',
        '查表是就地写入：即使没有行在边界外，weight 的版本号也会加一。权重共享（tied weights）时，请用 embedding.weight.clone() 计算 logits，或者在本步最后一次查表之后再算。',
        '多个线程共用一个带 max_norm 的层时，看似只是读，其实在写它的表。要并行推理，先把所有行查一遍，再把 max_norm 设为 None。',
        '下标有误时，PyTorch 是在缩放途中失败的：较小的下标已经缩放完，−1 甚至缩放了最后一行。本层先检查所有下标，失败的调用什么也不改。',
        'EmbeddingBag 有同样的选项：先缩放各行，再相加。',
      ],
      rule: {
        code: 'if norm > max_norm: row *= max_norm / (norm + 1e-7)',
        worked: ({ row, norm, maxNorm, scale, called }) => `第 ${row} 行的范数${called ? '原为' : '是'} ${norm}，大于 ${maxNorm}：调用${called ? '已' : '会'}把它乘以 ${maxNorm} / ${norm} = ${scale}。`,
      },
      radial: {
        heading: '行沿着射线移动，而不是移到最近的点',
        text: '这一行的所有数都乘以同一个系数，所以方向不变。边界上最近的点在别处，除非边界是圆。拖动这一行，比较两者。',
        label: '一行、边界，以及边界上的两个点。用 Tab 移到这一行，再用方向键移动它。',
        row: '这一行',
        marks: ['行', 'max_norm', '最近点'],
        inside: '行，在边界内',
        number: (axis) => `这一行的第${axis === 0 ? '一' : '二'}个数`,
        lands: '落在',
        way: '移动距离',
        byRule: 'max_norm',
        byDistance: '最近的点',
        verdict: (p, same) => (same ? `这里两者是同一个点${p === 2 ? '，对圆来说总是如此' : ''}。` : 'max_norm 保持行的方向，最近的点则不保持。'),
        insideLong: (p, norm) => `这一行在边界内：它的 ${p} 范数是 ${norm}。max_norm 不动它。`,
        summary: ({ outside, row, rescaled, nearest }) => (outside ?
          `行 [${row.texts.join(', ')}]：max_norm 把它放到 [${rescaled.texts.join(', ')}]，边界上最近的点是 [${nearest.texts.join(', ')}]` :
          `行 [${row.texts.join(', ')}]：在边界内，没有移动`),
        caption: '虚线：max_norm 的移动，在通向原点的射线上。实线：到边界的最短路。两个距离都是欧几里得距离。',
      },
      steps: {
        heading: '优化器走一步，又可能把行推到外面',
        text: 'max_norm 在查表时起作用，而更新发生在查表之后。所以训练中一行的范数是锯齿形的：每一步都往外推，每次查表都拉回来。',
        axis: '这一行的范数',
        letters: { l: '查表', s: '一步' },
        lookedUp: '查表之后：在边界内，或被拉到边界上',
        outside: '一步之后：在外面，直到下次查表',
        inside: '一步之后：仍在边界内',
        step: 'SGD 一步',
        lookUp: '查表',
        ten: '运行 10 步',
        tenLong: '运行 10 步：查表和一步，共十轮',
        again: '重新开始',
        example: '显示示例',
        full: '图已画满，请重新开始。',
        summary: ({ action, text, outside }) => `${action === 'l' ? '查表' : 'SGD 一步'}之后：范数 ${text}，${outside ? '在外面，直到下次查表' : '不在外面'}。`,
        picture: (points) => `max_norm = 2 时一行的范数。${points.map(({ action, text, outside }) => `${action === 'l' ? '查表' : '一步'} ${text}${outside ? ' 在外面' : ''}`).join('，')}。`,
        caption: '连走三步而不查表，行就越跑越远；查一次表就拉回来。行在边界内时，查表什么也不改。这里 max_norm 是 2，lr 是 0.5，梯度始终相同。',
      },
      gradient: {
        heading: '梯度不会被裁剪',
        text: 'max_norm = 1 把 [3, 4] 变成输出 [0.6, 0.8]，但这次缩短不在计算图里。到达输出的梯度是多少，到达这一行的就是多少，再长也不变。换一个试试。',
        forward: '缩短后的行',
        arrives: '到达输出的梯度',
        number: (axis) => `到达输出的梯度的第${axis === 0 ? '一' : '二'}个数`,
        kept: '行的梯度：一样',
        clipped: '若是裁剪，会变成',
        summary: (arrives, kept) => `梯度 [${arrives.join(', ')}] 到达这一行时是 [${kept.join(', ')}]。`,
        caption: 'max_norm 限制权重，clip_grad_norm_ 限制梯度，谁也代替不了谁。',
      },
      wide: {
        heading: '一行有更多数时，看范数',
        text: '四个数画不进平面，但规则并不需要平面：它量出每个被查行的长度，再把该行所有的数乘以同一个系数。',
        label: 'embedding.weight，可横向滚动',
        bars: (p) => `每行的 ${p} 范数；竖线是 max_norm`,
        summary: (rescaled, outside) => `${rescaled.length === 0 ? '没有行被缩放' : `${rowList(rescaled)}被缩放`}${outside.length === 0 ? '' : `；${rowList(outside)}在边界外，但没有被查到`}。`,
        caption: '虚框：调用之前的范数。实心：之后的范数。换个 norm_type 试试：同样的行，p = 1 时更长，p = ∞ 时更短，于是在外面的行也不同了。',
      },
      inPlace: {
        heading: '在调用之前用了 weight，backward 就会失败',
        text: 'forward 会写权重，所以 autograd 可能发现，它为 backward 保存的值已经不在了。先拿 embedding.weight 做乘法、再查表的人都会遇到，例如权重共享（tied weights）时。',
        choice: '第一个乘积使用',
        failsBecause: [
          'weight @ W.t() 要保存 weight，因为求 W 的梯度需要它。同时记下 weight 的版本号：0。',
          'embedding([0]) 就地缩放第 0 行。现在 weight 的版本号是 1。',
          'backward 要的是版本 0 的 weight，看到的却是版本 1，于是拒绝计算，以免得出错误的梯度。',
        ],
        worksBecause: [
          'weight.clone() @ W.t() 保存的是副本，没有人会写它。',
          'embedding([0]) 就地缩放 weight 中的第 0 行。',
          'backward 看到的副本与当初一样。梯度仍会通过副本传到 weight。',
        ],
        works: '用了 clone，backward 正常运行。',
        fails: '不用 clone，backward 失败。',
        caption: '另一个办法是先查表，再使用 weight：这样两个乘积用的是同样的、缩放过的行。用 clone 时，第一个乘积用的仍是第 0 行原来的长度。',
      },
      odd: {
        heading: '奇怪的取值：请不要使用',
        text: '这些取值 PyTorch 都照单全收，不作任何提示。表中是本层算出的行，数字与 PyTorch 相同，只有一个取值被本层拒绝。',
        columns: ['选项', '原因'],
        reasons: [
          '当作 1.0。PyTorch 自己的例子里就这样写。',
          'PyTorch 把它当作 0.0，所有被查的行都变成零。本层拒绝接受。',
          '所有被查的行都变成零，就在表里。',
          '任何范数都大于 −1，所以每一行的范数都变成 1，符号相反。',
          '0 范数数的是非零数的个数：这里是 2，与大小无关。',
          '这不是范数：最小的数越小，结果就越小。按任何通常的量法，缩放后的行仍比 max_norm 长。',
        ],
      },
      plane: {
        label: '平面上的点就是表的各行。用 Tab 移到某一行，用方向键移动它，按住 Shift 步子更大。',
        row: (row) => `第 ${row} 行`,
        padTag: 'padding_idx',
        point: '可移动的行',
        ball: (norm, limit) => `边界以内：${norm} 范数 ≤ ${limit}`,
        noBall: 'max_norm 已关闭：没有边界',
        axes: ['第一个数', '第二个数'],
      },
      legend: {
        heading: '标记',
        used: '被查到',
        before: '调用之前的位置',
        idle: '没有被查到',
        outside: '在外面，没有被查到：不动',
        pad: '填充行：没有梯度',
      },
      call: {
        heading: '调用',
        hint: '下标可以重复。试试 6 或 −1，看看会报什么错。',
        lookUp: '查表',
        lookUpAgain: '再查一次',
        undo: '撤销',
        reset: '重置',
      },
      options: {
        heading: '层的选项',
        none: 'None',
        paddingIdx: 'padding_idx',
        paddingRow: (row) => `第 ${row} 行`,
        maxNorm: 'max_norm',
        maxNormOn: '启用',
        maxNormSlider: 'max_norm 滑块',
        maxNormValue: (limit) => `max_norm = ${limit}`,
        maxNormOff: 'max_norm 已关闭',
        normType: 'norm_type',
        normTypeSlider: 'norm_type 滑块，对数刻度',
        normTypeValue: (norm) => `p = ${norm}`,
        normTypeInfinite: 'p 为无穷大；移动滑块即可离开',
        normTypeChoices: 'norm_type 的常用值',
        ballShape: { 0.5: 'p = ½，星形', 1: 'p = 1，菱形', 2: 'p = 2，圆', 3: 'p = 3，圆角方形', Infinity: 'p = ∞，正方形' },
        more: '更多选项',
        redo: '改变选项时，从调用之前的表重做这次调用。改了某一行或某个下标，则要等下一次查表。',
      },
      table: {
        caption: 'embedding.weight',
        row: '行',
        values: ['第一个', '第二个'],
        cell: (row, column) => `第 ${row} 行，第${column === 0 ? '一' : '二'}个数`,
        norm: (norm) => `${norm} 范数`,
        fate: '在这次调用中',
        times: (count) => `×${count}`,
        timesLong: (count) => `被查到 ${count} 次`,
        lookedUp: '被查到',
        pad: 'pad',
        rescaled: '被缩放',
        copied: '在边界内，原样复制',
        copiedUnlimited: '原样复制',
        waiting: '在边界内，将原样复制',
        waitingUnlimited: '将原样复制',
        willRescale: '在外面，将被缩放',
        failed: '不变：调用失败',
        stays: '在外面，不动',
        idle: '没有被查到',
        arrow: '变为',
      },
      status: {
        called({ rescaled, total, outside, repeated, maxNorm }) {
          if (total === 0) return '这次调用没有下标，所以输出没有行。';
          if (maxNorm === null) return `max_norm 已关闭：复制了查到的 ${total} 行，一行也没有缩放。`;
          const stays = outside.length === 0 ? '' : `；${rowList(outside)}在边界外，但没有被查到`;
          const once = repeated.length === 0 ? '' : `${rowList(repeated)}在调用中出现不止一次，但只缩放一次。`;
          return `查到的 ${total} 行中，缩放了 ${rescaled.length} 行${stays}。${once}`;
        },
        ready({ rescaled, total, outside, maxNorm }) {
          if (total === 0) return '这次调用还没有下标。';
          if (maxNorm === null) return '还没有查表。max_norm 已关闭，所以调用只会复制。';
          const stays = outside.length === 0 ? '' : `${rowList(outside)}在边界外，但没有下标指到。`;
          if (rescaled.length === 0) return `还没有查表。调用中的每一行都在边界内，所以只会复制。${stays}`;
          return `还没有查表。${rowList(rescaled)}在调用中，且在边界外。${stays}`;
        },
        moved: (row, values, norm) => `第 ${row} 行：${values.join('，')}；范数 ${norm}`,
        undone: '已撤销。',
        reset: '已重置为初始状态。',
        failed: (text) => `调用失败，什么也没有改变。${text}`,
      },
      code: {
        notYet: '查表后才有输出。在此之前，表是',
        unchanged: 'JavaScript：调用失败后，表与调用之前相同',
        unchangedRenorm: 'JavaScript：调用失败后，表与调用之前相同。\n# PyTorch 在遇到错误的下标之前，可能已经缩放了某些行。',
      },
    },
  },
};
