"""What the scripts about states of the page share: a program is run as a reader would paste it."""
import contextlib
import io
import warnings

from encoding import check_oracle, write


def run(hash_, program, panel=None):
    """The text that the program prints, and the error that ends it, if one does; `panel` where it is not the section's own."""
    assert max(map(len, program.splitlines())) <= 80, program
    error = None
    with contextlib.redirect_stdout(io.StringIO()) as out:
        try:
            exec(program, {})
        except Exception as raised:
            error = f'{type(raised).__name__}: {raised}'
    return {'hash': hash_, **({'panel': panel} if panel else {}), 'python': program, 'text': out.getvalue().removesuffix('\n'),
            **({'error': error} if error else {})}


def run_states(name, states, **others):
    check_oracle()
    warnings.simplefilter('ignore')
    write(name, states=[run(*state) for state in states], **others)
