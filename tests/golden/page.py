"""What the scripts about states of the page share: a program is run as a reader would paste it."""
import warnings

from encoding import check_oracle, write


def run(hash_, program):
    """The text that the program prints, and the error that ends it, if one does."""
    assert max(map(len, program.splitlines())) <= 80, program
    text = []
    names = {'print': lambda value: text.append(str(value))}
    try:
        exec(program, names)
        error = None
    except Exception as raised:
        error = f'{type(raised).__name__}: {raised}'
    return {'hash': hash_, 'python': program, 'text': '\n'.join(text), **({'error': error} if error else {})}


def run_states(name, states):
    check_oracle()
    warnings.simplefilter('ignore')
    write(name, states=[run(*state) for state in states])
