/** The sentences to judge, one for each section: whether each holds, and the state of its figure that settles it. */
export const CARDS = [
  { id: 'hero', holds: false, state: 'hero.order=3,0,5,1,2,4' },
  { id: 'weight', holds: false, state: '' },
  { id: 'lookup', holds: false, state: 'lookup.indices=-1' },
  { id: 'one-hot', holds: true, state: '' },
  { id: 'gradient', holds: true, state: 'gradient.indices=3,3,1,5' },
  { id: 'padding-idx', holds: false, state: '' },
  { id: 'max-norm', holds: true, state: 'max-norm.indices=3,2&max-norm.called=1' },
  { id: 'sparse', holds: false, state: 'sparse.optimizer=adam-sparse' },
  { id: 'optimizers', holds: true, state: 'optimizers.preset=drift&optimizers.steps=21' },
  { id: 'words', holds: false, state: 'words.exclude=0' },
];

/** What a teacher can do in ten minutes, and where it starts. */
export const EXPERIMENTS = [
  { id: 'gradient', state: '' },
  { id: 'padding-idx', state: '' },
  { id: 'max-norm', state: 'max-norm.indices=3&max-norm.limit=1&max-norm.p=1&max-norm.called=0' },
  { id: 'optimizers', state: 'optimizers.preset=drift&optimizers.which=sgd,momentum,adagrad,sparse-adam,adam&optimizers.steps=0' },
  { id: 'words', state: 'words.chosen=paris~france~rome~italy~apple~microsoft~google~software&words.axes=chosen&words.word=paris' },
];

/** The address of a section in a state. */
export const linkTo = ({ id, state }) => `#v=2&s=${id}${state ? `&${state}` : ''}`;
