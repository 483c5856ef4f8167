from matches.services import elo


def test_an_upset_pays_more():
    assert elo.after(1000, 1400)[0] > elo.after(1400, 1000)[0] - 400
