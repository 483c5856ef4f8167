import fakeredis
from django.test import TestCase


class ShipTest(TestCase):
    def test_ship(self):
        self.assertTrue(fakeredis.FakeRedis().set("a", "b"))
