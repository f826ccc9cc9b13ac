/** The rule of a section in LaTeX, which the build makes MathML; a list of parts breaks between them where the line is short. */
export const formulas = {
  lookup: String.raw`\text{output}_n = W_{\text{indices}_n}`,
  'one-hot': String.raw`\text{onehot}(i) \, W = W_i`,
  gradient: String.raw`\frac{\partial L}{\partial W_i} = \sum_{n \, : \, \text{indices}_n = i} \frac{\partial L}{\partial \, \text{output}_n}`,
  'max-norm': [
    String.raw`W_i \gets W_i \cdot \frac{\text{max\_norm}}{\lVert W_i \rVert_p + 10^{-7}}`,
    String.raw`\text{if } \lVert W_i \rVert_p > \text{max\_norm}, \enspace i \in \text{indices}`,
  ],
};
