package text

// chinese is written in simplified signs.
func chinese() words {
	return words{
		general: "请选择其他密码。",

		tooShort:     always("请至少使用 {n} 个字符。几个互不相关的词连在一起很容易记住。"),
		tooShortAny:  "此密码太短。几个互不相关的词连在一起很容易记住。",
		tooLong:      always("此密码太长：请最多使用 {n} 个字符。"),
		tooLongBytes: always("此密码太长：请最多使用 {n} 个字节。"),
		tooLongAny:   "此密码太长。",
		notText:      "此密码包含无法读取的字符。请重新输入。",
		tooCommon:    "很多人使用此密码或与其非常相似的密码，因此它会最先被尝试。请选择其他密码。",
		tooGuessable: "此密码很容易被猜到{parts}。请再加上一两个与其无关的词。",
		parts: parts{
			open: "（", between: "、", end: "）",
			common:   "很多人使用的密码",
			word:     "常用词",
			name:     "人名",
			place:    "地名",
			about:    "与您或本店有关的内容",
			old:      "旧密码的一部分",
			turned:   "下一个数字、月份或季节",
			repeat:   "重复内容",
			sequence: "简单的顺序",
			keyboard: "相邻的按键",
			date:     "日期",
			year:     "年份",
			reversed: "倒写的常用词",
			leet:     "用相似字符代替的常用词",
		},
		contextWhole:  "此密码由您的姓名、电子邮件地址或商店名称组成：这些会最先被尝试。请选择其他内容。",
		contextPart:   "请不要包含您的姓名、电子邮件地址和商店名称：这些会最先被尝试。",
		breached:      "此密码曾出现在数据泄露中，已为犯罪分子所知。请选择其他密码，并在您使用它的其他地方一并更改。",
		sameAsCurrent: "这是您当前的密码。请选择新密码。",
		tooSimilar:    "此密码与您当前的密码过于相似。请选择无法由当前密码推出的密码。",
		reused:        always("您以前使用过此密码。请选择与最近 {n} 个密码不同的密码。"),
		reusedAny:     "您以前使用过此密码。请选择新密码。",
		needsLetter:   "请至少使用一个字母。",
		needsDigit:    "请至少使用一个数字。",

		ruleMin:          always("至少 {n} 个字符。"),
		ruleMax:          always("最多 {n} 个字符。"),
		ruleLetter:       "至少一个字母。",
		ruleDigit:        "至少一个数字。",
		ruleCommon:       "不能是很多人使用的密码。",
		ruleContextWhole: "不能只是您的姓名、电子邮件地址或商店名称。",
		ruleContextPart:  "不能包含您的姓名、电子邮件地址或商店名称。",
		ruleGuessable:    "难以猜到：几个互不相关的词，或许多随机字符。",
		ruleBreached:     "不能是曾出现在数据泄露中的密码。",
	}
}
