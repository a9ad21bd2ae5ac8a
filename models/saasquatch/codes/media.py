"""The two-character code that a short link starts with: it says where the link was shared, and how.

Facts: catalogue `shareLinkCodes` of the API's reference, 6 engagement media by 11 share media, all 66 codes distinct.
"""

MATRIX: dict[str, dict[str, str]] = {
    "UNKNOWN": {
        "FACEBOOK": "mm",
        "TWITTER": "mR",
        "EMAIL": "mL",
        "DIRECT": "mv",
        "LINKEDIN": "m6",
        "SMS": "mk",
        "FBMESSENGER": "m0",
        "WHATSAPP": "mI",
        "LINEMESSENGER": "m8",
        "PINTEREST": "mp",
        "UNKNOWN": "mz",
    },
    "POPUP": {
        "FACEBOOK": "m9",
        "TWITTER": "mM",
        "EMAIL": "mo",
        "DIRECT": "m5",
        "LINKEDIN": "m7",
        "SMS": "ma",
        "FBMESSENGER": "mh",
        "WHATSAPP": "mF",
        "LINEMESSENGER": "mD",
        "PINTEREST": "Rz",
        "UNKNOWN": "mB",
    },
    "EMBED": {
        "FACEBOOK": "mw",
        "TWITTER": "mc",
        "EMAIL": "mJ",
        "DIRECT": "mQ",
        "LINKEDIN": "mH",
        "SMS": "m2",
        "FBMESSENGER": "mg",
        "WHATSAPP": "mZ",
        "LINEMESSENGER": "mx",
        "PINTEREST": "mf",
        "UNKNOWN": "mX",
    },
    "HOSTED": {
        "FACEBOOK": "mu",
        "TWITTER": "mS",
        "EMAIL": "ml",
        "DIRECT": "mt",
        "LINKEDIN": "mY",
        "SMS": "mq",
        "FBMESSENGER": "mK",
        "WHATSAPP": "mr",
        "LINEMESSENGER": "mW",
        "PINTEREST": "Rm",
        "UNKNOWN": "mA",
    },
    "EMAIL": {
        "FACEBOOK": "mT",
        "TWITTER": "mG",
        "EMAIL": "mb",
        "DIRECT": "mP",
        "LINKEDIN": "m1",
        "SMS": "mO",
        "FBMESSENGER": "m4",
        "WHATSAPP": "mi",
        "LINEMESSENGER": "my",
        "PINTEREST": "RL",
        "UNKNOWN": "mV",
    },
    "MOBILE": {
        "FACEBOOK": "mn",
        "TWITTER": "mC",
        "EMAIL": "mE",
        "DIRECT": "me",
        "LINKEDIN": "m3",
        "SMS": "mN",
        "FBMESSENGER": "mU",
        "WHATSAPP": "ms",
        "LINEMESSENGER": "md",
        "PINTEREST": "RR",
        "UNKNOWN": "mj",
    },
}

ENGAGEMENT_MEDIA = ("EMBED", "POPUP", "HOSTED", "MOBILE", "EMAIL", "UNKNOWN")
SHARE_MEDIA = (
    "EMAIL",
    "FACEBOOK",
    "TWITTER",
    "PINTEREST",
    "WHATSAPP",
    "LINEMESSENGER",
    "FBMESSENGER",
    "SMS",
    "LINKEDIN",
    "DIRECT",
    "UNKNOWN",
)

MEDIA = {code: (engagement, share) for engagement, row in MATRIX.items() for share, code in row.items()}
"""From a code back to (engagement medium, share medium)."""
