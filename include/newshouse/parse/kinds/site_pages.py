"""The pages on which a site speaks of itself: terms, privacy, contact, who it is."""

from __future__ import annotations

import re
from urllib.parse import unquote

from newshouse.parse.words import letters

_LONGEST_NAME = 60
_MOST_ABOVE = 2  # /en/info/privacy
_NAMES = frozenset(
    letters(name)
    for name in re.findall(
        r"[^|\n]+",
        """privacy|privacy policy|privacy notice|privacy statement|cookie policy|cookies policy|cookies|terms
terms of use|terms of service|terms and conditions|terms & conditions|conditions of use|legal|legal notice
disclaimer|imprint|about|about us|who we are|contact|contact us
contacts|advertise|advertise with us|subscribe|newsletters|accessibility
accessibility statement|careers|jobs|masthead|staff|our team|team|editorial policy|editorial guidelines|ethics policy
corrections policy|impressum|datenschutz|datenschutzerklärung|datenschutzhinweise|agb|nutzungsbedingungen|kontakt
über uns|ueber uns|mediadaten|barrierefreiheit|mentions légales|politique de confidentialité|confidentialité|cgu
conditions générales|conditions générales d'utilisation|qui sommes-nous|à propos|a propos|nous contacter
política de privacidad|politica de privacidad|aviso legal|aviso de privacidad|política de cookies|quiénes somos
quienes somos|contacto|términos y condiciones|terminos y condiciones|términos de uso|informativa sulla privacy
note legali|chi siamo|contatti|cookie|política de privacidade|politica de privacidade|termos de uso|sobre nós|sobre
quem somos|contato|contacto|privacyverklaring|privacybeleid|algemene voorwaarden|over ons|contact opnemen|colofon
integritetspolicy|om oss|kontakta oss|personvern|personvernerklæring|privatlivspolitik|om os|tietosuojaseloste
polityka prywatności|polityka prywatnosci|regulamin|o nas|ochrana osobních údajů|kontakty|adatvédelem|impresszum
kapcsolat|gizlilik politikası|gizlilik|künye|kunye|iletişim|iletisim|hakkımızda|hakkimizda|kullanım koşulları
политика конфиденциальности|о нас|о редакции|контакты|пользовательское соглашение|контакти|про нас
πολιτική απορρήτου|όροι χρήσης|επικοινωνία|ταυτότητα|سياسة الخصوصية|اتصل بنا|من نحن|شروط الاستخدام|מדיניות פרטיות
צור קשר|אודות|תנאי שימוש|개인정보처리방침|개인정보 처리방침|이용약관|회사소개|청소년보호정책|고객센터
プライバシーポリシー|利用規約|会社概要|お問い合わせ|隐私政策|隱私政策|关于我们|關於我們|联系我们|聯絡我們|用户协议|服务条款""",
    )
)

# What stories, recipes and sections are called as well. Such a page of the site lies below its root or language.
_DOUBTFUL = frozenset(
    letters(name)
    for name in re.findall(
        r"[^|]+",
        "cookies|cookie|contact|contacts|kontakt|contacto|contato|contatti|team|our team|staff|jobs|careers|legal|"
        "disclaimer|about|sobre|terms|privacy|subscribe|advertise|accessibility|newsletters",
    )
)
_ROOT = re.compile(
    r"(?:[a-z]{2}(?:[-_][a-z]{2})?|info|about(?:-us)?|company|pages?|site|legal|service|help)", re.IGNORECASE
)


def names_site_page(url: str, headline: str | None) -> str | None:
    """The headline, if it and the last part of the address both are names of such a page; else None.

    One of the two alone is none: a story may be called "Contact", and a section too. So it may lie no deeper than
    stories do, and where the name is one of a recipe or film as well, below no section.
    """
    if not headline or len(headline) > _LONGEST_NAME or letters(headline) not in _NAMES:
        return None
    path = url.partition("//")[2].partition("?")[0].partition("#")[0].partition("/")[2].strip("/")
    *above, last = path.split("/")
    is_shallow = len(above) <= _MOST_ABOVE and not any(map(str.isdigit, path))
    if not is_shallow or letters(unquote(last).partition(".")[0]) not in _NAMES:
        return None
    return headline if letters(headline) not in _DOUBTFUL or all(map(_ROOT.fullmatch, above)) else None
