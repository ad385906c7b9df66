"""Answers calls of `keras_side` functions: pickles in on stdin, pickles out on stdout, until stdin ends."""

import os
import pickle
import sys
import warnings


def main() -> None:
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # whatever a library prints is not an answer
    warnings.simplefilter("ignore")
    from tests.parity import keras_side

    while True:
        try:
            name, arguments, keywords = pickle.load(sys.stdin.buffer)
        except EOFError:
            return
        try:
            answer = (True, getattr(keras_side, name)(*arguments, **keywords))
        except Exception as error:
            answer = (False, f"{type(error).__name__}: {error}")
        pickle.dump(answer, answers)
        answers.flush()


if __name__ == "__main__":
    main()
