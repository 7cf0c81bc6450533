"""Nobody sees what is not theirs."""

from __future__ import annotations

from places import COUNTY, FOREIGN


def test_a_stranger_is_asked_to_sign_in(client) -> None:
    """And comes back to where he wanted to go."""
    answer = client.get(f"/c/{COUNTY}/")
    assert answer.status_code == 302
    assert answer["Location"] == f"/sign-in?next=/c/{COUNTY}/"


def test_another_county_does_not_exist(as_) -> None:
    """It is 404, as one that there is not, so that nobody learns which counties there are."""
    assert as_("office").get(f"/c/{COUNTY}/").status_code == 200
    assert as_("office").get(f"/c/{FOREIGN}/").status_code == 404
    assert as_("office").get("/c/999999/").status_code == 404


def test_an_area_above_reaches_the_counties_below_it(as_) -> None:
    """The league's viewer sees its county, and no other."""
    assert as_("area-viewer").get(f"/c/{COUNTY}/").status_code == 200
    assert as_("area-viewer").get(f"/c/{FOREIGN}/").status_code == 404
