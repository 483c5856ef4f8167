from apps.orders.basket import Basket


def test_it_counts(redis_server):
    basket = Basket(7)
    basket.add(1)
    basket.add(1, 2)
    assert basket.lines() == {1: 3}
    assert redis_server.hlen("basket:7") == 1
