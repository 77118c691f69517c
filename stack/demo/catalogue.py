"""What the demo company sells, through whom, and how it advertises: the same for every seed."""

PARTNERS = [
    {"id": "eastgate", "name": "东门渠道 Eastgate Channel", "rate": 50},
    {"id": "harbor-lane", "name": "Harbor Lane Partners", "rate": 50},
    {"id": "yunfan", "name": "云帆科技代理 Yunfan Resellers", "rate": 20},
]

# Sku, English name, Chinese name, list price in yuan.
PRODUCTS = [
    ("CC-40", "Call centre, 40 seats", "呼叫中心 40 席", 168_000),
    ("CC-120", "Call centre, 120 seats", "呼叫中心 120 席", 420_000),
    ("PBX-S", "Office switch S", "办公交换机 S 型", 12_800),
    ("PBX-L", "Office switch L", "办公交换机 L 型", 38_600),
    ("PHONE-D1", "Desk phone D1", "桌面话机 D1", 899),
    ("PHONE-D3", "Desk phone D3 with screen", "桌面可视话机 D3", 1_690),
    ("HEAD-N2", "Noise-free headset N2", "降噪耳机 N2", 468),
    ("GATE-4G", "Mobile gateway 4G", "4G 语音网关", 3_250),
    ("REC-1", "Call recording, one year", "通话录音服务（一年）", 9_600),
    ("CARE-1", "Care contract, one year", "维护合同（一年）", 15_000),
    ("TRAIN-2", "Training, two days", "现场培训（两天）", 8_800),
    ("INSTALL", "Installation on site", "现场安装", 6_400),
]

# Code, name, channels, first and last day from the load, budget in yuan, the step that it has reached.
CAMPAIGNS = [
    ("OPEN-HOUSE", "秋季开放日 Autumn open house", ["event", "email", "visit"], -75, -40, 80_000, "finish"),
    ("LETTER-SME", "中小企业直邮 Letters to small companies", ["letter", "call"], -60, -20, 45_000, "finish"),
    ("WEB-PBX", "Office switch search ads", ["web", "social"], -45, 30, 120_000, "start"),
    ("MAIL-CC", "呼叫中心邮件 Call centre mailing", ["email"], -30, 15, 18_000, "start"),
    ("FAIR-SH", "上海通信展 Shanghai fair", ["event", "visit"], -21, 5, 150_000, "start"),
    ("PARTNER-DRIVE", "渠道激励 Partner drive", ["partner", "call"], -14, 60, 90_000, "start"),
    ("SMS-CARE", "维护合同短信 Care contract texts", ["sms", "call"], -35, 20, 9_000, "pause"),
    ("SPRING-UP", "春季升级 Spring upgrade", ["email", "letter", "web"], 45, 100, 60_000, "plan"),
]

COSTS = [
    ("print", "Flyers 宣传单", 0.08), ("postage", "Postage 邮资", 0.06), ("agency", "Agency fee 代理费", 0.18),
    ("media", "Search ads 搜索广告", 0.22), ("event", "Stand and catering 展位与餐饮", 0.15),
    ("telephony", "Follow-up calls 电话回访", 0.05), ("incentive", "Partner bonus 渠道奖励", 0.1),
]  # fmt: skip

INTERESTS = {
    "zh": [
        "需要一套 40 席的呼叫中心", "办公室搬迁，需要新的交换机", "想了解通话录音服务", "现有耳机太吵，考虑更换",
        "需要 20 部桌面话机报价", "想续签维护合同", "分公司需要 4G 语音网关", "希望安排一次现场培训",
    ],
    "en": [
        "Wants a call centre for 40 agents", "Moving offices, needs a new switch", "Asks about call recording",
        "Headsets are too noisy, wants to replace them", "Quote for 20 desk phones", "Renewal of the care contract",
        "Mobile gateway for a branch", "Would like a training on site",
    ],
}  # fmt: skip

TOUCHES = {
    "zh": [
        ("询问交货日期", "客户希望下周三之前收货，已转交仓库确认。"),
        ("讨论报价", "对 40 席方案满意，希望价格再优惠 5%。"),
        ("寄送产品资料", "寄出新版产品手册和价格表。"),
        ("拜访客户", "与采购经理见面，了解明年的扩容计划。"),
        ("确认发票信息", "税号已更新，发票改寄新地址。"),
        ("续约提醒", "维护合同下月到期，客户同意续签一年。"),
    ],
    "en": [
        ("Asked for the delivery date", "Needs the goods before Wednesday; the warehouse will confirm."),
        ("Talked about the quote", "Likes the plan with 40 seats and hopes for five per cent off."),
        ("Sent product papers", "The new brochure and the price list are on their way."),
        ("Visit", "Met the head of purchasing; they plan to grow next year."),
        ("Invoice details", "New tax number and a new address for invoices."),
        ("Renewal reminder", "The care contract ends next month; they will renew for a year."),
    ],
}

# Type, subject, what the customer says.
TICKETS = {
    "zh": [
        ("defect", "话机无法注册到交换机", "更新固件之后，三部话机一直显示“未注册”。"),
        ("defect", "耳机右侧没有声音", "两周前买的耳机，右边突然没有声音。"),
        ("question", "如何导出通话录音", "想把上个月的录音导出给法务部门。"),
        ("question", "维护合同包含哪些服务", "请问周末是否也有技术支持？"),
        ("complaint", "技术人员没有按时到场", "约好上午十点，等到下午也没有人来。"),
        ("order-problem", "收到的数量不对", "订购 20 部话机，只收到 18 部。"),
        ("order-problem", "送货地址写错了", "请改送到浦东的新办公室。"),
        ("dispute", "发票金额与报价不一致", "发票比报价多了安装费，请核对。"),
        ("other", "希望更换联系人", "采购经理已离职，请更新联系方式。"),
    ],
    "en": [
        ("defect", "Desk phones do not register", "Since the firmware update three phones show 'not registered'."),
        ("defect", "Headset is silent on the right", "Bought two weeks ago, the right side gives no sound."),
        ("question", "How do I export recordings?", "Our lawyers ask for last month's recordings."),
        ("question", "What does the care contract cover?", "Is there support at weekends as well?"),
        ("complaint", "The engineer did not come", "We had agreed on ten o'clock and waited all day."),
        ("order-problem", "Two phones are missing", "We ordered twenty phones and got eighteen."),
        ("order-problem", "Wrong delivery address", "Please deliver to our new office instead."),
        ("dispute", "Invoice differs from the quote", "It has an installation fee that was not agreed."),
        ("other", "New contact person", "Our head of purchasing has left; please change the contact."),
    ],
}

REPLIES = {
    "zh": ["您好，我们已收到您的反馈，正在核实。", "请告诉我们设备的序列号。", "技术人员会在今天下午与您联系。"],
    "en": [
        "Thank you, we are looking into it.",
        "Could you send us the serial number?",
        "An engineer will call you today.",
    ],
}

ANSWERS = {
    "zh": ["序列号是 SN-20419。", "好的，谢谢。"],
    "en": ["The serial number is SN-20419.", "That is fine, thank you."],
}

NOTES = [
    "与上周的三张工单是同一批次。",
    "Same batch as three tickets last week.",
    "已与仓库确认。",
    "Asked the warehouse.",
]

RESOLUTIONS = {
    "zh": ["固件已更新，设备恢复正常。", "已补发缺少的货物。", "已更正发票。"],
    "en": ["New firmware installed, all is well.", "The missing goods were sent.", "The invoice was corrected."],
}

CALL_NOTES = {
    "zh": ["询问订单进度", "需要技术支持，已建工单", "预约下周回电"],
    "en": ["Asked about the order", "Needs support, ticket opened", "Wants a call next week"],
}
