"""Which pictures are the article's, and what is printed below them."""

from __future__ import annotations

import pytest
from parse_pages import EN, KO, ld, page

LOCK, ASKE = "The eastern lock on Monday.", "Jon Aske"


def shown(article):
    return [(item.type, item.caption, item.credit) for item in article.media]


@pytest.mark.parametrize(
    "block",
    [
        f"<div class='lead-media'><picture><img src='/a.jpg'></picture><div class='caption'>{LOCK}</div>"
        f"<div class='credit'>{ASKE}</div></div>",
        f"<div class='field-image'><img src='/a.jpg'><div class='field-caption'>{LOCK} Photo: {ASKE}</div></div>",
        f"<div class='image-block'><img src='/a.jpg'><p class='image-caption'>{LOCK} "
        f"<span class='image-credit'>{ASKE}</span></p></div>",
        f"<amp-img src='/a.jpg' width='10' height='5'></amp-img><p class='caption'>{LOCK} Photo: {ASKE}</p>",
        f"<p><img src='/a.jpg'><br><em>{LOCK} Photo: {ASKE}</em></p>",
        f"<div class='img'><img src='/a.jpg'><em>{LOCK} Photo: {ASKE}</em></div>",
        f"<a href='/large/a.jpg'><img src='/a.jpg'></a><p class='wp-caption-text'>{LOCK} Photo: {ASKE}</p>",
    ],
)
def test_a_caption_needs_no_figure(read, block):
    article = read(page(block, jsonld=ld(author="Ines Falk", image="/shared.jpg")))
    assert shown(article) == [("image", LOCK, ASKE)]
    assert article.media[0].url == "https://www.harbour-courier.example/a.jpg"
    assert [paragraph.text for paragraph in article.paragraphs] == list(EN)


def test_a_korean_agency_ends_the_caption(read):
    block = "<div class='img'><img src='/k.jpg'><em>폐쇄된 갑문. 연합뉴스</em></div>"
    assert shown(read(page(block, paragraphs=KO, lang="ko"))) == [("image", "폐쇄된 갑문.", "연합뉴스")]


def test_a_japanese_photographer_is_the_credit(read):
    block = "<div class='photo'><img src='/p.jpg'><p class='caption'>閉鎖された東水門＝4日午前、山田太郎撮影</p></div>"
    assert shown(read(page(block))) == [("image", "閉鎖された東水門＝4日午前", "山田太郎")]


def test_videos_stand_beside_pictures_with_captions(read):
    block = f"<div class='m'><img src='/a.jpg'><p class='caption'>{LOCK}</p></div>"
    video = "<div class='yt'><iframe src='https://www.youtube.com/embed/x'></iframe></div>"
    assert shown(read(page(block, video))) == [("image", LOCK, None), ("video", None, None)]


@pytest.mark.parametrize(
    "block",
    [
        "<div class='author'><figure><img src='/ines.jpg' alt='Ines Falk'></figure><span>Ines Falk</span></div>",
        "<div class='related'><figure><img src='/r.jpg'><figcaption>Ferry line to be cut</figcaption></figure></div>",
        "<div class='cards'><a href='/other'><img src='/r.jpg'><p class='caption'>Ferry line to be cut</p></a></div>",
        "<div class='m'><img src='/dot.gif' width='1' height='1'><p class='caption'>A counting dot.</p></div>",
        "<p><img src='/smile.png'> The crews have an offer, and the port has none.</p>",
    ],
)
def test_portraits_teasers_and_dots_are_no_media(read, block):
    article = read(page(block, jsonld=ld(author="Ines Falk", image="/shared.jpg")))
    assert [item.url for item in article.media] == ["https://www.harbour-courier.example/shared.jpg"]


def test_a_text_that_calls_itself_teaser_keeps_its_pictures(read):
    figure = f"<figure><img src='/a.jpg'><figcaption>{LOCK}</figcaption></figure>"
    body = page().replace(b"<div class='story'>", f"<div class='article__teaser'>{figure}".encode())
    assert shown(read(body)) == [("image", LOCK, None)]


def test_the_picture_in_the_header_of_the_article_is_its_own(read):
    figure = "<figure><img src='/lead.jpg'><figcaption>Boats at the quay / Photo: Karin Vos</figcaption></figure>"
    body = page().replace(b"<h1>", f"<header>{figure}<h1>".encode()).replace(b"</h1>", b"</h1></header>")
    assert [(item.caption, item.credit) for item in read(body).media] == [("Boats at the quay", "Karin Vos")]
    site = page().replace(b"<body>", f"<body><header>{figure}</header>".encode())
    assert read(site).media == ()


def test_the_one_picture_gets_the_caption_that_machines_are_told(read):
    told = ld(image={"@type": "ImageObject", "url": "/lead.jpg", "caption": "Boats at the quay"})
    figure = "<figure><img src='/lead-800.jpg'></figure>"
    assert [item.caption for item in read(page(figure, jsonld=told)).media] == ["Boats at the quay"]
    named = ld(image={"@type": "ImageObject", "url": "/lead.jpg", "caption": "DSC_0815_final"})
    assert [item.caption for item in read(page(figure, jsonld=named)).media] == [None]
    assert [item.caption for item in read(page(figure, figure.replace("lead", "b"), jsonld=told)).media] == [None, None]


@pytest.mark.parametrize(
    "picture",
    [
        "<a href='/'><figure><img src='/a.png'></figure></a>",
        "<figure class='site-logo'><img src='/a.png'></figure>",
        "<div class='ad'><figure><img src='/a.jpg'></figure></div>",
        "<a href='/other'><figure><img src='/a.jpg'></figure><h3>Another story</h3></a>",
    ],
)
def test_a_logo_an_advertisement_or_a_teaser_beside_the_headline_is_no_picture_of_the_article(read, picture):
    body = page().replace(b"<h1>", f"<header>{picture}<h1>".encode()).replace(b"</h1>", b"</h1></header>")
    assert read(body).media == ()


def test_the_caption_of_another_picture_is_not_lent(read):
    told = ld(image={"@type": "ImageObject", "url": "/share-card.png", "caption": "The card for sharing"})
    assert [item.caption for item in read(page("<figure><img src='/lead.jpg'></figure>", jsonld=told)).media] == [None]
