"""Ctrl-C in the middle of a run, however slow or busy the machine is."""
import os
import signal
import threading
import time


def interrupt(test, run, begun):
    """Calls run(), which is to last for ever, until Ctrl-C has ended it with KeyboardInterrupt after begun() became true; that exception.

    A second thread presses it. The thread needs the interpreter several times while run() lasts: a run that keeps it to itself never ends.
    """
    def press(patience):
        for _ in range(10):
            time.sleep(patience / 10)
        os.kill(os.getpid(), signal.SIGINT)

    patience = 0.3
    while True:
        presser = threading.Thread(target=press, args=(patience,))
        with test.assertRaises(KeyboardInterrupt) as caught:
            presser.start()
            run()
        presser.join()
        if begun():  # else the machine was busy elsewhere, and the run had not begun
            return caught.exception
        patience *= 2
