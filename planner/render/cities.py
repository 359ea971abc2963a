"""The cities that zones are named after, as other languages than English write them."""

from __future__ import annotations

from collections.abc import Mapping

CITIES: Mapping[str, Mapping[str, str]] = {
    "ru": {
        "Africa/Cairo": "Каир", "Africa/Casablanca": "Касабланка", "Africa/Johannesburg": "Йоханнесбург",
        "Africa/Lagos": "Лагос", "Africa/Nairobi": "Найроби", "Africa/Tunis": "Тунис", "America/Adak": "остров Адак",
        "America/Anchorage": "Анкоридж", "America/Argentina/Buenos_Aires": "Буэнос-Айрес", "America/Bogota": "Богота",
        "America/Chicago": "Чикаго", "America/Denver": "Денвер", "America/Halifax": "Галифакс",
        "America/Havana": "Гавана", "America/Lima": "Лима", "America/Los_Angeles": "Лос-Анджелес",
        "America/Mexico_City": "Мехико", "America/New_York": "Нью-Йорк", "America/Noronha": "Фернанду-ди-Норонья",
        "America/Nuuk": "Нуук", "America/Santiago": "Сантьяго", "America/Sao_Paulo": "Сан-Паулу",
        "America/St_Johns": "Сент-Джонс", "America/Toronto": "Торонто", "America/Vancouver": "Ванкувер",
        "Asia/Almaty": "Алматы", "Asia/Anadyr": "Анадырь", "Asia/Baku": "Баку", "Asia/Bangkok": "Бангкок",
        "Asia/Barnaul": "Барнаул", "Asia/Bishkek": "Бишкек", "Asia/Chita": "Чита", "Asia/Dhaka": "Дакка",
        "Asia/Dubai": "Дубай", "Asia/Dushanbe": "Душанбе", "Asia/Ho_Chi_Minh": "Хошимин", "Asia/Hong_Kong": "Гонконг",
        "Asia/Irkutsk": "Иркутск", "Asia/Jakarta": "Джакарта", "Asia/Jerusalem": "Иерусалим", "Asia/Kabul": "Кабул",
        "Asia/Kamchatka": "Камчатка", "Asia/Karachi": "Карачи", "Asia/Kathmandu": "Катманду",
        "Asia/Kolkata": "Калькутта", "Asia/Krasnoyarsk": "Красноярск", "Asia/Magadan": "Магадан",
        "Asia/Manila": "Манила", "Asia/Nicosia": "Никосия", "Asia/Novokuznetsk": "Новокузнецк",
        "Asia/Novosibirsk": "Новосибирск", "Asia/Omsk": "Омск", "Asia/Sakhalin": "Сахалин",
        "Asia/Samarkand": "Самарканд", "Asia/Seoul": "Сеул", "Asia/Shanghai": "Шанхай", "Asia/Singapore": "Сингапур",
        "Asia/Srednekolymsk": "Среднеколымск", "Asia/Tashkent": "Ташкент", "Asia/Tbilisi": "Тбилиси",
        "Asia/Tehran": "Тегеран", "Asia/Tokyo": "Токио", "Asia/Tomsk": "Томск", "Asia/Ulaanbaatar": "Улан-Батор",
        "Asia/Vladivostok": "Владивосток", "Asia/Yakutsk": "Якутск", "Asia/Yangon": "Янгон",
        "Asia/Yekaterinburg": "Екатеринбург", "Asia/Yerevan": "Ереван", "Atlantic/Azores": "Азорские острова",
        "Atlantic/Cape_Verde": "Кабо-Верде", "Atlantic/Reykjavik": "Рейкьявик", "Australia/Adelaide": "Аделаида",
        "Australia/Darwin": "Дарвин", "Australia/Lord_Howe": "остров Лорд-Хау", "Australia/Melbourne": "Мельбурн",
        "Australia/Sydney": "Сидней", "Europe/Amsterdam": "Амстердам", "Europe/Astrakhan": "Астрахань",
        "Europe/Athens": "Афины", "Europe/Belgrade": "Белград", "Europe/Berlin": "Берлин",
        "Europe/Bratislava": "Братислава", "Europe/Brussels": "Брюссель", "Europe/Bucharest": "Бухарест",
        "Europe/Budapest": "Будапешт", "Europe/Chisinau": "Кишинёв", "Europe/Copenhagen": "Копенгаген",
        "Europe/Dublin": "Дублин", "Europe/Helsinki": "Хельсинки", "Europe/Istanbul": "Стамбул",
        "Europe/Kaliningrad": "Калининград", "Europe/Kirov": "Киров", "Europe/Kyiv": "Киев",
        "Europe/Lisbon": "Лиссабон", "Europe/Ljubljana": "Любляна", "Europe/London": "Лондон",
        "Europe/Luxembourg": "Люксембург", "Europe/Madrid": "Мадрид", "Europe/Minsk": "Минск",
        "Europe/Monaco": "Монако", "Europe/Moscow": "Москва", "Europe/Oslo": "Осло", "Europe/Paris": "Париж",
        "Europe/Podgorica": "Подгорица", "Europe/Prague": "Прага", "Europe/Riga": "Рига", "Europe/Rome": "Рим",
        "Europe/Samara": "Самара", "Europe/Sarajevo": "Сараево", "Europe/Saratov": "Саратов",
        "Europe/Simferopol": "Симферополь", "Europe/Sofia": "София", "Europe/Stockholm": "Стокгольм",
        "Europe/Tallinn": "Таллин", "Europe/Ulyanovsk": "Ульяновск", "Europe/Vienna": "Вена",
        "Europe/Vilnius": "Вильнюс", "Europe/Volgograd": "Волгоград", "Europe/Warsaw": "Варшава",
        "Europe/Zagreb": "Загреб", "Europe/Zurich": "Цюрих", "Pacific/Auckland": "Окленд",
        "Pacific/Chatham": "острова Чатем", "Pacific/Gambier": "острова Гамбье", "Pacific/Honolulu": "Гонолулу",
        "Pacific/Marquesas": "Маркизские острова", "Pacific/Pago_Pago": "Паго-Паго", "Pacific/Tongatapu": "Тонгатапу",
    },
}  # fmt: skip
"""A language's name for a zone's city; a zone that is not here keeps its English one."""
