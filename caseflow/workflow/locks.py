"""Which case files a transaction holds, so that verbs that call each other lock a row once.

What is noted hangs on the transaction (or savepoint) that took the lock and is gone with it; whoever is
not sure simply locks again.
"""

from weakref import WeakKeyDictionary

from sqlalchemy.orm import Session, SessionTransaction

_held: WeakKeyDictionary[SessionTransaction, set[int]] = WeakKeyDictionary()


def note(session: Session, casefile_id: int) -> None:
    """Say that the row was just locked, or made, in the present transaction and that the object is as new."""
    innermost = session.get_nested_transaction() or session.get_transaction()
    if innermost is not None:
        _held.setdefault(innermost, set()).add(casefile_id)


def holds(session: Session, casefile_id: int) -> bool:
    """Tell whether the present transaction is sure to hold the row of this case."""
    transaction = session.get_nested_transaction() or session.get_transaction()
    while transaction is not None:
        if casefile_id in _held.get(transaction, ()):
            return True
        transaction = transaction.parent
    return False
