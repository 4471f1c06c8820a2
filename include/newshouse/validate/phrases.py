"""Phrases by which a publisher's page says that a text is no article text. All in folded case.

Plain substrings, because searching forty of them costs less than one pattern with forty branches.
"""

PAYWALL = (
    # English
    "subscribe to continue", "subscribe to read", "subscribe to unlock", "subscribe now to", "subscribers only",
    "for subscribers", "already a subscriber", "to continue reading", "to keep reading", "log in to read",
    "sign in to read", "register to read", "to read the full", "to access the full", "access this article",
    "unlock this article", "start your free trial", "premium content", "members only",
    # German
    "nur für abonnenten", "bereits abonniert", "jetzt abonnieren", "jetzt weiterlesen", "um weiterzulesen",
    "mit einem abo", "abo abschließen", "diesen artikel lesen sie",
    # French
    "réservé aux abonnés", "réservée aux abonnés", "déjà abonné", "pour lire la suite", "abonnez-vous pour",
    "la suite est réservée", "de cet article à découvrir",
    # Spanish, Italian, Portuguese, Dutch
    "para suscriptores", "suscríbete para", "para seguir leyendo", "riservato agli abbonati", "abbonati per",
    "exclusivo para assinantes", "para continuar lendo", "alleen voor abonnees", "om verder te lezen",
    # Korean, Japanese, Chinese
    "구독자 전용", "유료 회원", "회원 전용", "구독 후 ", "로그인 후 이용", "有料会員", "会員限定", "この記事は有料",
    "続きを読むには", "会员专享", "會員專享", "付费阅读", "付費閱讀", "订阅后", "訂閱後",
    # Arabic
    "للمشتركين فقط", "اشترك لمتابعة", "اشترك للقراءة",
)  # fmt: skip

BOILERPLATE = (
    # English
    "we use cookies", "uses cookies", "cookie policy", "cookie settings", "accept all", "privacy policy",
    "terms of use", "terms of service", "all rights reserved", "enable javascript", "javascript is disabled",
    "your browser", "sign up for", "newsletter", "follow us on", "share this", "share on facebook", "skip to content",
    "skip to main", "advertisement", "verify you are human", "download our app", "most read", "most popular",
    # German
    "wir verwenden cookies", "cookies und", "datenschutzerklärung", "alle rechte vorbehalten", "javascript aktivieren",
    "folgen sie uns", "meistgelesen",
    # French
    "nous utilisons des cookies", "politique de confidentialité", "tous droits réservés", "activer javascript",
    "suivez-nous", "les plus lus",
    # Spanish, Italian, Portuguese, Dutch
    "utilizamos cookies", "usamos cookies", "política de privacidad", "todos los derechos reservados",
    "utilizziamo i cookie", "tutti i diritti riservati", "todos os direitos reservados", "wij gebruiken cookies",
    "we gebruiken cookies",
    # Korean, Japanese, Chinese
    "쿠키를 사용", "개인정보", "무단 전재", "무단전재", "저작권자", "cookieを使用", "クッキーを使用",
    "無断転載", "プライバシーポリシー", "使用cookie", "版权所有", "版權所有", "隐私政策",
    # Arabic
    "ملفات تعريف الارتباط", "جميع الحقوق محفوظة", "سياسة الخصوصية",
)  # fmt: skip

LINK_LEADS = (
    "read more:", "read also", "also read", "read next", "related:", "related article", "see also:", "more on this",
    "more:", "watch:", "listen:", "lesen sie auch", "lesen sie hier", "mehr zum thema", "lire aussi", "à lire aussi",
    "lea también", "lee también", "le puede interesar", "leggi anche", "leia também", "lees ook", "관련기사",
    "관련 기사", "関連記事", "【関連記事】", "あわせて読みたい", "相关阅读", "相关新闻", "相關新聞",
    "اقرأ أيضا", "اقرأ أيضاً", "إقرأ أيضا",
)  # fmt: skip
