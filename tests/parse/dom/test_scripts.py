"""Languages whose writing has no blanks between words, or signs of its own at the end of a sentence."""

from __future__ import annotations

import pytest
from parse_pages import page

TEXTS = {
    "th": (
        "ลูกเรือเฟอร์รี่และการท่าเรือจะกลับมาเจรจากันอีกครั้งในวันจันทร์นี้ เจ้าหน้าที่กล่าวหลังการประชุมที่ยาวนานตลอดคืน",
        "ข้อพิพาทเรื่องกะกลางคืนทำให้เรือส่วนใหญ่ต้องจอดอยู่ในท่าตั้งแต่กลางเดือนมิถุนายนและพ่อค้าเริ่มนับความเสียหาย",
        "นายสมชายกล่าวว่าลูกเรือต้องการเวลาพักที่มากขึ้นและจะไม่กลับไปทำงานจนกว่าจะได้รับคำตอบที่ชัดเจนจากทางการ",
    ),
    "km": (
        "កម្មករកប៉ាល់និងអាជ្ញាធរកំពង់ផែនឹងត្រឡប់ទៅតុចរចាវិញនៅថ្ងៃចន្ទ មន្ត្រីបាននិយាយបន្ទាប់ពីការប្រជុំពេញមួយយប់។",
        "ជម្លោះអំពីវេនយប់បានធ្វើឱ្យកប៉ាល់ភាគច្រើនស្ថិតនៅក្នុងកំពង់ផែតាំងពីពាក់កណ្តាលខែមិថុនា។",
    ),
    "my": (
        "သင်္ဘောသားများနှင့် ဆိပ်ကမ်းအာဏာပိုင်များသည် တနင်္လာနေ့တွင် ဆွေးနွေးပွဲ ပြန်လည်စတင်မည်ဟု တာဝန်ရှိသူများက ပြောကြားခဲ့သည်။",
        "ညဆိုင်းအငြင်းပွားမှုကြောင့် ဇွန်လလယ်မှစ၍ သင်္ဘောအများစုသည် ဆိပ်ကမ်းတွင် ရပ်နားထားရပြီး ကုန်သည်များသည် တွက်ချက်နေကြသည်။",
    ),
    "am": (
        "የጀልባ ሠራተኞችና የወደብ ባለሥልጣን ሰኞ ዕለት ወደ ድርድር ጠረጴዛ እንደሚመለሱ ባለሥልጣናት ሌሊቱን ሙሉ ከተካሄደ ውይይት በኋላ ተናግረዋል።",
        "በሌሊት ፈረቃ ላይ የተነሳው አለመግባባት ከሰኔ አጋማሽ ጀምሮ አብዛኞቹን ጀልባዎች አቁሟል፣ ነጋዴዎችም ኪሳራቸውን መቁጠር ጀምረዋል።",
    ),
}
MAKES = {
    "paragraphs": lambda texts: "".join(f"<p>{text}</p>" for text in texts),
    "divs": lambda texts: "".join(f"<div>{text}</div>" for text in texts),
    "line breaks": "<br><br>".join,
}


@pytest.mark.parametrize("make", MAKES.values(), ids=MAKES)
@pytest.mark.parametrize("language", TEXTS)
def test_the_paragraphs_are_told_apart(read, language, make):
    texts = TEXTS[language]
    body = page(paragraphs=(), lang=language).replace(
        b"<div class='story'>", f"<div class='story'>{make(texts)}".encode()
    )
    found = read(body)
    assert [paragraph.text for paragraph in found.paragraphs] == list(texts)
    assert (found.extractor, found.language) == ("newshouse", language)


@pytest.mark.parametrize("menu", ["ข่าว กีฬา บันเทิง เศรษฐกิจ การเมือง สุขภาพ เทคโนโลยี ท่องเที่ยว ไลฟ์สไตล์ รถยนต์ ดวง หวย วิดีโอ"])
def test_short_words_with_blanks_between_them_are_no_sentence(read, menu):
    body = page(f"<div class=x><div>{menu}</div></div>", paragraphs=TEXTS["th"], lang="th")
    assert [paragraph.text for paragraph in read(body).paragraphs] == list(TEXTS["th"])
