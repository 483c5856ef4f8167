from matches.services.leaderboard import Leaderboard


def test_the_best_are_first(store):
    board = Leaderboard("ranked", "2025-01")
    board.record({1: 1200, 2: 1400})
    assert [row.player for row in board.top()] == [2, 1]
    assert store.zcard("board:ranked:2025-01") == 2
