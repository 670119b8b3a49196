"""Which regions are asked, where a source has each region's records apart."""

from trailbell.contract.regions import global_region
from trailbell.sources.reading import Access


def choose_regions(aws: Access, text: str | None) -> list[str]:
    """Return the regions that were asked for, each once."""
    if text is None:
        return list(dict.fromkeys([aws.region, global_region(aws.region)]))
    if text.strip() == "all":
        found = aws.client("ec2").describe_regions()["Regions"]
        return sorted(region["RegionName"] for region in found)
    return list(dict.fromkeys(_split(text)))


def split_regions(text: str | None) -> frozenset[str]:
    """Return the regions that were named; none for all of them."""
    return frozenset() if text is None or text.strip() == "all" else frozenset(_split(text))


def _split(text: str) -> list[str]:
    return [region.strip() for region in text.split(",") if region.strip()]
