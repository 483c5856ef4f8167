import datetime

import pytest

from appointments.booking import book


@pytest.mark.django_db
def test_it_is_listed(connection):
    appointment = book("Ada", datetime.datetime(2024, 5, 1, 9, tzinfo=datetime.UTC))
    assert connection.zscore("appointments:upcoming", appointment.pk)
