"""Import rights and be killed on the way: test_import_kill runs this as a process.

Arguments: the URL; the statement before which this process kills itself, `COMMIT`, or
`none`; and which one of such statements. It tells when it begins.
"""

import json
import sys
from datetime import date

from oikeus import RightsImport, RightsSource, Store, import_rights

from .dying import die_before

HOLDERS = 1_500  # with two rights each, more than one batch of rows
TODAY = date(2026, 3, 1)
PROVIDER = "1.2.246.562.10.90100000000"
SCHOOL = "1.2.246.562.10.90101000000"


def extract(begin: int, count: int) -> str:
    """So many service accounts, each with a right at a provider and a school."""
    rights = [{"palvelu": "EHOKS", "oikeus": "CRUD"}]
    return json.dumps(
        [
            {
                "oidHenkilo": f"1.2.246.562.24.8{number:06}",
                "kayttajaTyyppi": "PALVELU",
                "organisaatiot": [
                    {"organisaatioOid": place, "kayttooikeudet": rights}
                    for place in (PROVIDER, SCHOOL)
                ],
            }
            for number in range(begin, begin + count)
        ]
    )


def take(store: Store, text: str) -> int:
    """Import a document, and remove what it no longer gives."""
    wanted = RightsImport(RightsSource.KAYTTOOIKEUS, {"a.json": text}, prune=True)
    done = import_rights(store, wanted, actor="os:tester", today=lambda: TODAY)
    return done.version


def main(url: str, moment: str, which: int) -> None:
    """Give rights to many, and take away those of others."""
    with Store.open(url) as store:
        die_before(store, moment, which)
        sys.stdout.write("importing\n")
        sys.stdout.flush()
        take(store, extract(100, HOLDERS))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
