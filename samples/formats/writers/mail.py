"""The document as a mail with an attachment, and as a web page saved in one file (MHTML)."""
import email.policy
from email.message import EmailMessage
from email.utils import format_datetime
import datetime

from . import MADE, plain, tables, web

CHINA = datetime.timezone(datetime.timedelta(hours=8))


def write_mail(source, path):
    """Plain text and HTML of the same content, and the first table as an attachment."""
    message = EmailMessage()
    message["From"] = f'{source["publisher"]} <network@yuanshan.example>'
    message["To"] = "各地市分公司 <branches@yuanshan.example>, 云网中心 <cloud@yuanshan.example>"
    message["Subject"] = source["title"]
    message["Date"] = format_datetime(MADE.replace(tzinfo=CHINA))
    message["Message-ID"] = "<20240118.network@yuanshan.example>"
    message.set_content(plain.text(source), cte="base64")
    body = (f'<html><head><meta charset="utf-8"></head><body><h1>{source["title"]}</h1>'
            f'<p>{source["byline"]}</p>{web.article(source)}{web.footnotes(source)}</body></html>')
    message.add_alternative(body, subtype="html", cte="quoted-printable")
    message.add_attachment(plain.values(tables(source)[0]).encode("gbk"), maintype="text", subtype="csv",
                           filename="季度指标.csv")
    fix_boundaries(message)
    with open(path, "wb") as file:
        file.write(message.as_bytes(policy=email.policy.SMTP))


def write_mhtml(source, path):
    page = EmailMessage()
    page["From"] = "<Saved by Blink>"
    page["Snapshot-Content-Location"] = "https://portal.yuanshan.example/network/brief-2023"
    page["Subject"] = source["title"]
    page["Date"] = format_datetime(MADE.replace(tzinfo=CHINA))
    page.set_content(web.page(source), subtype="html", cte="quoted-printable")
    page.add_related(b".article { margin: 0 auto }", maintype="text", subtype="css",
                     headers=["Content-Location: https://portal.yuanshan.example/static/site.css"])
    fix_boundaries(page)
    with open(path, "wb") as file:
        file.write(page.as_bytes(policy=email.policy.SMTP))


def fix_boundaries(message):
    """Boundaries are random unless they are given."""
    for number, part in enumerate(part for part in message.walk() if part.is_multipart()):
        part.set_boundary(f"----yuanshan-{number}")


def write(source, name):
    write_mail(source, f"{name}.eml")
    write_mhtml(source, f"{name}.mht")
