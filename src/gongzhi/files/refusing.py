"""The words with which a file is turned away: what is wrong, and what to do instead."""

from gongzhi.files.kinds import FileType
from gongzhi.kernel.refusals import Invalid


def not_taken(reason: str) -> Invalid:
    """The refusal for a reason of `kinds.why_not`."""
    code = f"files.{reason}"
    if reason == "empty":
        return Invalid(code, "文件是空的，请重新选择。", field="file")
    if reason == "zip":
        return Invalid(
            code, "不接收压缩包和 Office 文档。请把照片逐张上传，或把文档另存为 PDF 后上传。", field="file"
        )
    if reason == "office":
        return Invalid(code, "不接收 Office 文档，请另存为 PDF 后上传。", field="file")
    if reason == "program":
        return Invalid(code, "不接收程序或脚本。请上传照片、PDF、MP4 视频或文本。", field="file")
    if reason in ("gif", "heic"):
        return Invalid(
            code,
            "暂不支持这种图片格式，请转为 JPEG 或 PNG 后上传（手机相机设置中可选“兼容性最佳”）。",
            field="file",
        )
    if reason == "markup":
        return Invalid(code, "不接收网页和矢量图（SVG），请截图为 PNG 后上传。", field="file")
    return Invalid(code, "无法识别的文件类型。请上传照片、PDF、MP4 视频或文本。", field="file")


def too_big(kind: FileType) -> Invalid:
    return Invalid(
        "files.too_big",
        "文件超过 %(megabytes)s MB 的上限，请压缩后再上传。",
        field="file",
        megabytes=kind.bytes_max // 1_000_000,
    )


def damaged() -> Invalid:
    return Invalid("files.damaged", "文件已损坏或不完整，请重新拍摄或导出后上传。", field="file")


def bomb(pixels_max: int) -> Invalid:
    return Invalid(
        "files.too_many_pixels",
        "图片超过 %(millions)s 百万像素，请缩小后上传。",
        field="file",
        millions=pixels_max // 1_000_000,
    )


def active() -> Invalid:
    return Invalid(
        "files.active_content",
        "PDF 中含有脚本、附件或可执行内容，请用“打印为 PDF”重新生成后上传。",
        field="file",
    )


def polyglot() -> Invalid:
    return Invalid("files.polyglot", "文件中夹带了另一种文件，请重新导出后上传。", field="file")
