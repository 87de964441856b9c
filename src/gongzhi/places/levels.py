"""Levels of the area tree, from wide to narrow. A child is always of a narrower level than its parent."""

from types import MappingProxyType

LEVELS = ("province", "city", "district", "street", "community", "grid", "micro_grid")
DEPTH = MappingProxyType({level: depth for depth, level in enumerate(LEVELS)})
LEVEL_TITLES = MappingProxyType(
    {
        "province": {"zh-hans": "省", "en": "Province"},
        "city": {"zh-hans": "市", "en": "City"},
        "district": {"zh-hans": "区县", "en": "District"},
        "street": {"zh-hans": "街道（乡镇）", "en": "Street or township"},
        "community": {"zh-hans": "社区（村）", "en": "Community or village"},
        "grid": {"zh-hans": "网格", "en": "Grid"},
        "micro_grid": {"zh-hans": "微网格", "en": "Micro-grid"},
    }
)
NAME_KINDS = MappingProxyType(
    {
        "alias": {"zh-hans": "别名", "en": "Alias"},
        "road": {"zh-hans": "道路", "en": "Road"},
        "estate": {"zh-hans": "小区", "en": "Residential estate"},
        "building": {"zh-hans": "楼栋", "en": "Building"},
        "poi": {"zh-hans": "地点", "en": "Point of interest"},
    }
)
