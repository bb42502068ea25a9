package main

// surnames are readings that characters have in surnames, of one character and of two (尉迟 yuchi, 万俟 moqi, 澹台 tantai,
// 长孙 zhangsun, 单于 chanyu). Many of them are in the dictionary as well; they are named here so that no later
// dictionary loses them.
func surnames() map[rune][]string {
	return map[rune][]string{
		'万': {"wan", "mo"}, '么': {"yao"}, '乐': {"le", "yue"}, '乜': {"nie"}, '于': {"yu"}, '仇': {"qiu"}, '仉': {"zhang"},
		'令': {"ling"}, '任': {"ren"}, '会': {"gui"}, '佘': {"she"}, '佴': {"nai"}, '便': {"pian"}, '俞': {"yu"}, '俟': {"qi"},
		'六': {"lu"}, '冒': {"mo", "mao"}, '冯': {"feng"}, '冼': {"xian"}, '区': {"ou"}, '华': {"hua"}, '单': {"shan", "chan"}, '卜': {"bu"},
		'占': {"zhan"}, '句': {"gou"}, '召': {"shao"}, '可': {"ke"}, '吕': {"lv", "lu", "lyu"}, '员': {"yun"}, '呙': {"guo"},
		'哈': {"ha"}, '啜': {"chuai"}, '妫': {"gui"}, '宁': {"ning"}, '宓': {"fu", "mi"}, '宿': {"su"}, '尉': {"yu", "wei"},
		'尹': {"yin"}, '嵇': {"ji"}, '干': {"gan"}, '应': {"ying"}, '折': {"she"}, '拓': {"tuo"}, '撒': {"sa"}, '昝': {"zan"}, '晁': {"chao"},
		'曲': {"qu"}, '曾': {"zeng"}, '朴': {"piao"}, '柏': {"bai"}, '查': {"zha"}, '毌': {"guan"}, '殷': {"yin"}, '沈': {"shen"}, '洗': {"xian"},
		'澹': {"tan"}, '濮': {"pu"}, '炅': {"gui"}, '牟': {"mou", "mu"}, '甫': {"fu"}, '甯': {"ning"}, '盖': {"gai", "ge"}, '盛': {"sheng"},
		'相': {"xiang"}, '眭': {"sui"}, '石': {"shi"}, '祭': {"zhai"}, '种': {"chong"}, '秘': {"bi"}, '繁': {"po"}, '纪': {"ji"}, '缪': {"miao", "mou"},
		'翟': {"zhai", "di"}, '能': {"nai"}, '臧': {"zang"}, '葛': {"ge"}, '薄': {"bo"}, '藏': {"zang"}, '行': {"xing"}, '褚': {"chu"}, '覃': {"qin", "tan"},
		'解': {"xie"}, '訾': {"zi"}, '谌': {"chen", "shen"}, '谷': {"gu", "yu"}, '贲': {"ben"}, '贾': {"jia"}, '车': {"che"}, '逄': {"pang"},
		'那': {"na"}, '郇': {"xun", "huan"}, '郄': {"qie", "xi"}, '郗': {"xi", "chi"}, '都': {"du"}, '重': {"chong"}, '钭': {"tou"},
		'长': {"zhang", "chang"}, '阙': {"que"}, '阚': {"kan"}, '隗': {"wei", "kui"}, '鲜': {"xian"}, '麴': {"qu"}, '黑': {"he", "hei"},
	}
}
