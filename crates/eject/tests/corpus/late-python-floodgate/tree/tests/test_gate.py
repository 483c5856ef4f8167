from floodgate import Gate


async def test_the_third_is_turned_away(backend):
    gate = Gate(backend, "2/minute")
    assert [await gate.acquire("a") for _ in range(3)] == [True, True, False]
