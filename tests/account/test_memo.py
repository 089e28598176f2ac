"""What was made of members goes when they change, and only then."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from gateway.account.memo import ChangeLog, Memo, Memos

names = st.sampled_from("abcdef")
steps = st.lists(st.tuples(st.sampled_from(["make", "change", "look", "many"]), names), max_size=40)


@given(steps)
def test_a_memo_holds_what_did_not_change_since_it_was_made(taken: list[tuple[str, str]]) -> None:
    log, expected = ChangeLog(), dict[str, str]()
    memo: Memo[str] = Memo(log)
    for number, (step, name) in enumerate(taken):
        if step == "make":
            memo.keep(name, f"{name} {number}")
            expected[name] = f"{name} {number}"
        elif step == "change":
            log.note(name)
            expected.pop(name, None)
        elif step == "many":  # more than a log remembers
            for _ in range(600):
                log.note("other")
            expected.clear()
        else:
            assert memo.current() == expected
    assert memo.current() == expected
    assert (memo.size > 0) is (len(expected) > 0)


def test_what_was_not_used_is_given_up() -> None:
    log = ChangeLog()
    memos = Memos(log)
    memos.of("often").keep("a", "text")
    memos.of("once").keep("a", "text")
    size = memos.size
    for number in range(11):
        memos.of(f"form {number}")
        assert memos.of("often").current() == {"a": "text"}
    assert memos.of("once").current() == {}
    assert 0 < memos.size < size
