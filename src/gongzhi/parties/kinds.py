"""Codes stored in this room's tables. Their words are data with both languages."""

from types import MappingProxyType

ORGANISATION_KINDS = MappingProxyType(
    {
        "district": {"zh-hans": "区县", "en": "District"},
        "street": {"zh-hans": "街道（乡镇）", "en": "Street or township"},
        "community": {"zh-hans": "社区（村）", "en": "Community or village"},
        "bureau": {"zh-hans": "委办局", "en": "Bureau"},
        "centre": {"zh-hans": "中心", "en": "Centre"},
        "station": {"zh-hans": "站所", "en": "Station"},
        "company": {"zh-hans": "企业", "en": "Company"},
        "property_company": {"zh-hans": "物业企业", "en": "Property company"},
        "social_organisation": {"zh-hans": "社会组织", "en": "Social organisation"},
    }
)

CONTACT_KINDS = MappingProxyType(
    {
        "phone": {"zh-hans": "电话", "en": "Telephone"},
        "email": {"zh-hans": "电子邮箱", "en": "E-mail"},
        "address": {"zh-hans": "住址", "en": "Address"},
        "wechat": {"zh-hans": "微信", "en": "WeChat"},
        "identity": {"zh-hans": "身份证号", "en": "Identity number"},
    }
)
