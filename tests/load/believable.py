"""Reports as people write them, at points inside the grids of the demo district; the same every time."""

import json
import random
from pathlib import Path

DEMO = Path(__file__).parents[2] / "demo"
PLACES = (
    *("江滨花园3号楼门口", "渡口路菜市场旁", "云锦小区东门", "钟楼广场北侧", "柳塘小学门前"),
    *("南汀村二组村口", "临江大道公交站", "安居苑12栋楼下", "云台路与青禾路交叉口", "老码头步道"),
)
TROUBLES = (
    "路灯不亮，晚上黑得看不清路，老人出门摔过一跤",
    "垃圾桶满了三天没人收，气味很大，苍蝇到处飞",
    "井盖松动，车一压就响，整夜睡不着",
    "下水道堵了，污水漫到人行道上，孩子上学要绕路",
    "夜间施工到凌晨两点，打桩声特别大",
    "物业不修楼道灯，报修一个多月没有回音",
    "店外经营占了整个人行道，轮椅过不去",
    "暖气不热，室内只有十四度，家里有新生儿",
    "电梯坏了一周，十一楼的老人下不了楼",
    "饭店油烟直排，开不了窗户",
    "树枝压着电线，刮风时冒火花",
    "公交车经常不准点，早高峰等了四十分钟",
    "工地拖欠工资三个月，包工头不接电话",
    "广场舞音响声音太大，影响孩子写作业",
    "消防通道被私家车堵死，物业不管",
)
_WISHES = ("请尽快处理。", "希望有关部门来看看。", "麻烦给个答复，谢谢！", "已经反映过两次了。", "盼回复。")


class Reports:
    """An endless, repeatable supply."""

    def __init__(self, seed: int = 7) -> None:
        self._dice = random.Random(seed)
        self._grids = _grids()

    def text(self) -> str:
        dice = self._dice
        told = f"{dice.choice(PLACES)}{dice.choice(TROUBLES)}，大约从{dice.randint(1, 12)}月{dice.randint(1, 28)}号开始。"
        return told + dice.choice(_WISHES)

    def point(self) -> tuple[float, float]:
        """lon, lat near the middle of a grid, so inside it."""
        west, south, east, north = self._dice.choice(self._grids)
        return (
            west + (east - west) * self._dice.uniform(0.3, 0.7),
            south + (north - south) * self._dice.uniform(0.3, 0.7),
        )

    def body(self) -> dict[str, object]:
        """Text, address and point; no category: the platform finds it."""
        lon, lat = self.point()
        return {"text": self.text(), "lon": round(lon, 6), "lat": round(lat, 6)}


def _grids() -> list[tuple[float, float, float, float]]:
    features = json.loads((DEMO / "areas.geojson").read_text(encoding="utf-8"))["features"]
    boxes = []
    for feature in features:
        if feature["properties"].get("level") == "grid" and feature.get("geometry"):
            ring = feature["geometry"]["coordinates"][0]
            if feature["geometry"]["type"] == "MultiPolygon":
                ring = ring[0]
            xs, ys = [x for x, _ in ring], [y for _, y in ring]
            boxes.append((min(xs), min(ys), max(xs), max(ys)))
    return boxes
