"""The names of the months as they stand in dates, in the languages whose news write them in letters."""

from __future__ import annotations

import re

from newshouse.parse.dates.calendars import PERSIAN_MONTHS

_LANGUAGES = (
    # en, de, fr, es, it, pt, nl, tr, pl, ar, ru and their short forms
    "january jan januar januari janvier janv enero ene gennaio gen janeiro jänner jän ocak stycznia يناير января",
    "february feb februar februari février févr fév fev febrero febbraio fevereiro feber şubat lutego فبراير февраля",
    "march mar märz mär maart mars marzo março mrz mart marca مارس марта",
    "april apr avril avr abril abr aprile nisan kwietnia أبريل ابريل апреля",
    "may mai mei mayo maggio mag maio maj mayıs maja مايو мая",
    "june jun juni juin junio giugno giu junho haziran czerwca يونيو июня",
    "july jul juli juillet juil julio luglio lug julho temmuz lipca يوليو июля",
    "august aug augusti août aoû agosto ago augustus ağustos sierpnia أغسطس اغسطس августа",
    "september sep sept septembre septiembre settembre setembro set eylül września سبتمبر сентября",
    "october oct oktober okt octobre octubre ottobre ott outubro out ekim października أكتوبر اكتوبر октября",
    "november nov novembre noviembre novembro kasım listopada نوفمبر ноября",
    "december dec dezember dez décembre déc diciembre dic dicembre dezembro aralık grudnia ديسمبر декабря desember des",
)
_MORE_LANGUAGES = (
    # el, uk, cs, sk, hu, ro, fi, id, ms, ca
    "ιανουαρίου ιαν січня ledna januára január ianuarie tammikuuta januari gener",
    "φεβρουαρίου φεβ лютого února februára február febr februarie helmikuuta februari febrer pebruari",
    "μαρτίου μαρ березня března marca március márc martie maaliskuuta maret mac març",
    "απριλίου απρ квітня dubna apríla április ápr aprilie huhtikuuta",
    "μαΐου μαίου μαΐ μάι травня května mája május máj toukokuuta maig",
    "ιουνίου ιουν червня června júna június jún iunie iun kesäkuuta juny",
    "ιουλίου ιουλ липня července júla július júl iulie iul heinäkuuta julai juliol",
    "αυγούστου αυγ серпня srpna augusta augusztus elokuuta agustus agu agt ogos agost",
    "σεπτεμβρίου σεπ вересня září septembra szeptember szept septembrie syyskuuta setembre",
    "οκτωβρίου οκτ жовтня října októbra október octombrie lokakuuta octubre",
    "νοεμβρίου νοε νοεμ листопада listopadu novembra noiembrie noi marraskuuta",
    "δεκεμβρίου δεκ грудня prosince decembra decembrie joulukuuta disember",
)
_OTHER_SCRIPTS = (
    # hi, bn, ur, he, ar of the Levant, th, bg, sr
    "जनवरी জানুয়ারি جنوری ינואר بناير มกราคม ม.ค януари јануар",
    "फरवरी फ़रवरी फ़रवरी ফেব্রুয়ারি فروری פברואר شباط กุมภาพันธ์ ก.พ февруари фебруар",
    "मार्च মার্চ مارچ מרץ מרס آذار มีนาคม มี.ค март",
    "अप्रैल এপ্রিল اپریل אפריל نيسان เมษายน เม.ย април",
    "मई মে مئی מאי أيار พฤษภาคม พ.ค май мај",
    "जून জুন جون יוני حزيران มิถุนายน มิ.ย юни јун",
    "जुलाई জুলাই جولائی יולי تموز กรกฎาคม ก.ค юли јул",
    "अगस्त আগস্ট اگست אוגוסט آب สิงหาคม ส.ค август",
    "सितंबर सितम्बर সেপ্টেম্বর ستمبر ספטמבר أيلول กันยายน ก.ย септември септембар",
    "अक्टूबर अक्तूबर অক্টোবর اکتوبر אוקטובר ตุลาคม ต.ค октомври октобар",
    "नवंबर नवम्बर নভেম্বর نومبر נובמבר พฤศจิกายน พ.ย ноември новембар",
    "दिसंबर दिसम्बर ডিসেম্বর دسمبر דצמבר ธันวาคม ธ.ค декември децембар",
)
_EASTERN_LANGUAGES = (
    # hr, be, lt, lv, et, is, sq, az, uz, kk, fa, sw, fil
    "siječnja студзеня sausio janvāris janvārī jaanuar janúar janar yanvar қаңтар ژانویه",
    "veljače лютага vasario februāris februārī veebruar febrúar shkurt fevral ақпан فوریه pebrero",
    "ožujka сакавіка kovo marts martā märts наурыз machi marso",
    "travnja красавіка balandžio aprīlis aprīlī apríl prill aprel сәуір آوریل aprili",
    "svibnja мая gegužės maijs maijā maí мамыр مه",
    "lipnja чэрвеня birželio jūnijs jūnijā juuni júní qershor iyun маусым ژوئن hunyo",
    "srpnja ліпеня liepos jūlijs jūlijā juuli júlí korrik iyul шілде ژوئیه ژوییه hulyo",
    "kolovoza жніўня rugpjūčio augusts augustā ágúst gusht avqust avgust avgusta тамыз اوت agosti",
    "rujna верасня rugsėjo septembris septembrī shtator sentyabr sentabr қыркүйек سپتامبر setyembre",
    "кастрычніка spalio oktobris oktobrī oktoober október tetor oktyabr oktabr қазан اکتبر oktubre",
    "studenoga studenog лістапада lapkričio novembris novembrī nóvember nëntor noyabr қараша نوامبر nobyembre",
    "prosinca снежня gruodžio decembris decembrī detsember desember dhjetor dekabr желтоқсан دسامبر disyembre",
)
_INDIC_AND_OTHERS = (
    # mr, gu, pa, ta, te, kn, ml, ka, hy
    "जानेवारी જાન્યુઆરી ਜਨਵਰੀ ஜனவரி జనవరి ಜನವರಿ ജനുവരി იანვარი հունվարի",
    "फेब्रुवारी ફેબ્રુઆરી ਫਰਵਰੀ ਫ਼ਰਵਰੀ பிப்ரவரி ఫిబ్రవరి ಫೆಬ್ರವರಿ ಫೆಬ್ರುವರಿ ഫെബ്രുവരി თებერვალი փետրվարի",
    "માર્ચ ਮਾਰਚ மார்ச் మార్చి ಮಾರ್ಚ್ മാർച്ച് მარტი մարտի",
    "एप्रिल એપ્રિલ ਅਪ੍ਰੈਲ ஏப்ரல் ఏప్రిల్ ಏಪ್ರಿಲ್ ഏപ്രിൽ აპრილი ապրիլի",
    "मे મે ਮਈ மே మే ಮೇ മേയ് მაისი մայիսի",
    "જૂન ਜੂਨ ஜூன் జూన్ ಜೂನ್ ജൂൺ ივნისი հունիսի",
    "जुलै જુલાઈ ਜੁਲਾਈ ஜூலை ஜுலை జులై జూలై ಜುಲೈ ജൂലൈ ივლისი հուլիսի",
    "ऑगस्ट ઑગસ્ટ ઓગસ્ટ ਅਗਸਤ ஆகஸ்ட் ஆகஸ்டு ఆగస్టు ఆగస్ట్ ಆಗಸ್ಟ್ ഓഗസ്റ്റ് ആഗസ്റ്റ് აგვისტო օգոստոսի",
    "सप्टेंबर સપ્ટેમ્બર ਸਤੰਬਰ செப்டம்பர் செப்டெம்பர் సెప్టెంబర్ ಸೆಪ್ಟೆಂಬರ್ സെപ്റ്റംബർ სექტემბერი սեպտեմբերի",
    "ऑक्टोबर ઑક્ટોબર ઓક્ટોબર ਅਕਤੂਬਰ அக்டோபர் అక్టోబర్ ಅಕ್ಟೋಬರ್ ഒക്ടോബർ ოქტომბერი հոկտեմբերի",
    "नोव्हेंबर નવેમ્બર ਨਵੰਬਰ நவம்பர் నవంబర్ ನವೆಂಬರ್ നവംബർ ნოემბერი նոյեմբերի",
    "डिसेंबर ડિસેમ્બર ਦਸੰਬਰ டிசம்பர் డిసెంబర్ ಡಿಸೆಂಬರ್ ഡിസംബർ დეკემბერი դեկտեմբերի",
)
_NUMBERS = {
    name: number
    for languages in (
        _LANGUAGES,
        _MORE_LANGUAGES,
        _OTHER_SCRIPTS,
        _EASTERN_LANGUAGES,
        _INDIC_AND_OTHERS,
        PERSIAN_MONTHS,
    )
    for number, names in enumerate(languages, 1)
    for name in names.split()
}
_HUMP = re.compile(r".*[^\W\d_](?=[A-Z][a-z]+$)")
# All but signs and digits of Latin scripts, as vowel signs are no letters to `\w`; Thai shortens with full stops.
NAME = (
    r"(?P<name>[^\x00-\x40\x5b-\x60\x7b-\xbf\u2000-\u206f\u3000-\u303f]{2,14}|"
    r"[\u0e01-\u0e2e][\u0e34\u0e35]?\.[\u0e01-\u0e2e]|เม\.ย)"
)
"""A pattern for what may be the name of a month."""
_IN = "ב"  # Hebrew says "in" by the first letter


def month_number(name: str) -> int | None:
    """1 to 12; None if it is no name of a month. "FalkAugust" is one: a name that stands close before it."""
    small = name.lower()
    found = _NUMBERS.get(small) or _NUMBERS.get(small.removeprefix(_IN))
    if found is None and not name.islower() and (hump := _HUMP.match(name)):
        return _NUMBERS.get(small[hump.end() :])
    return found
