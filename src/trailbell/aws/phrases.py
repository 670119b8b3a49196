"""Turns of phrase that the sentences of several services share."""

from trailbell.call.lookup import Call, clip, join
from trailbell.call.policies import Statement
from trailbell.call.sharing import read_sharing


def share(call: Call) -> str | None:
    """Tell with whom a snapshot or an image is shared."""
    what = call.first("snapshotId", "imageId", "dBSnapshotIdentifier", "dBClusterSnapshotIdentifier")
    if what is None:
        return None
    shared = read_sharing(call.record.raw, ())
    if shared.get("public"):
        return f"make {clip(what)} public"
    accounts = tuple(call.account(account) for account in shared.get("accounts", ()))
    return f"share {clip(what)} with {join(accounts)}" if accounts else f"change whom {clip(what)} is shared with"


def name_trusted(call: Call, statements: tuple[Statement, ...]) -> str:
    """Name whom the statements of a policy let in; nothing where they let in nobody."""
    names: list[str] = []
    for statement in statements:
        if not statement.allows:
            continue
        if statement.public:
            return "everyone"
        names += [call.account(account) for account in statement.account_ids]
        names += [
            principal
            for principal in statement.principals
            if principal.endswith((".amazonaws.com", ".amazonaws.com.cn"))
        ]
        names += [p.rpartition("-provider/")[2] for p in statement.principals if "-provider/" in p]
    return join(tuple(dict.fromkeys(names)))
