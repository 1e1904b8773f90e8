#!/usr/bin/env python3
"""An invented register of children, and questions about them, as JSON lines.

    register.py --children 5000 --questions 1000 --seed 1

Nothing here knows how the node compares names: pools are common names of many languages, scripts are written by the tables
below, and each altered question is altered in one way. A line is a child (`"child"`) or a question (`"asked"`); a
question says which child it is about (`"of"`, absent where that child is not in the register) and how it was altered
(`"altered"`).
"""

import argparse
import json
import random
import unicodedata
from datetime import date, timedelta

YOUNGEST, OLDEST = date(2026, 6, 30), date(2009, 1, 1)
# How many questions are altered, and how many are about children whom nobody knows.
ALTERED, UNKNOWN = 0.2, 0.1
# How many children of a language with a script of its own are entered in it.
OWN_SCRIPT = 0.1

# Of each language: weight, given names (female, male), beginnings and ends of family names (female end after a slash).
POOLS = {
    "uk": (20, "Anna Daryna Halyna Iryna Kateryna Khrystyna Larysa Liudmyla Mariia Nadiia Oksana Olena Olha Polina Sofiia "
               "Svitlana Tetiana Uliana Valeriia Yuliia Zlata Solomiia",
           "Andrii Artem Bohdan Danylo Denys Dmytro Hryhorii Illia Ivan Kyrylo Maksym Mykhailo Mykola Nazar Oleh "
           "Oleksandr Petro Roman Serhii Stepan Taras Tymofii Vasyl Viktor Volodymyr Yaroslav Yevhen Yurii Zakhar",
           "Andr Bil Bond Boik Chern Dem Didy Fed Hav Hrytsa Ivan Kova Koval Krav Lyt Lys Mar Mel Myk Mysh Naz Oliin Pan "
           "Petr Polishch Rom Sav Sem Shev Shul Syd Tkach Tymo Vas Yar Yurch Zakh Zhuk",
           "chenko enko uk chuk ets iuk ko yk iv yshyn"),
    "ru": (8, "Alina Anastasiya Darya Ekaterina Elena Kseniya Lyubov Margarita Natalya Olga Tatyana Veronika Yana Zoya",
           "Aleksandr Aleksey Boris Fedor Gleb Igor Kirill Maksim Nikita Oleg Pavel Sergey Stanislav Timur Vadim Yaroslav",
           "Alekse Belo Bor Vino Voro Golub Grig Dani Egor Zhu Zay Ivan Koz Kuznets Lebed Maks Mor Nov Orl Pavl Pop Rom Soko "
           "Tar Fom Khar Tsvet Chern Shir Shcherbak Yakovl",
           "ov/ova ev/eva in/ina yov/yova nikov/nikova skiy/skaya"),
    "et": (8, "Anu Birgit Eliise Greete Hanna Kadri Kertu Laura Liisa Maarja Mari Merili Piret Riin Triin Ülle",
           "Aleks Andres Erik Hannes Indrek Jaan Joosep Kaarel Kristjan Lauri Mart Oskar Priit Rasmus Siim Tõnu Uku",
           "Kas Kuus Tam Mag Sep Ilv Oja Pär Raud Saar Kõiv Leht Mets Mänd Niin Pihl Reb Sarap Toom Uus Vah Vaher",
           "k ik mets mäe mann la berg son saar pere nurm"),
    "lv": (4, "Agnese Anna Baiba Elīna Evelīna Ieva Ilze Kristīne Laura Līga Madara Sanita Zane",
           "Andris Artūrs Edgars Gatis Guntis Jānis Juris Kārlis Māris Raivis Rihards Toms",
           "Ābol Bērz Bals Dzen Eglī Kalniņ Krūm Lap Liep Ozol Priedī Rudzī Siliņ Vītol Zari Ziem",
           "s/a iņš/iņa ītis/īte niek/niece"),
    "lt": (5, "Agnė Aušra Eglė Gabija Ieva Jolanta Kotryna Laima Rasa Rūta Simona Ugnė Živilė",
           "Andrius Darius Dovydas Gediminas Jonas Kęstutis Lukas Mantas Mindaugas Paulius Rokas Tomas Žygimantas",
           "Balč Butk Jank Kaz Kavali Mart Mick Nork Petr Rim Sav Stank Šimk Urbon Vaitk Žuk",
           "auskas/auskaitė evičius/evičiūtė ūnas/ūnaitė ius/iūtė"),
    "pl": (10, "Agnieszka Aleksandra Barbara Dominika Ewa Grażyna Joanna Julia Karolina Katarzyna Małgorzata Wiktoria Zofia",
           "Bartosz Błażej Grzegorz Jakub Jędrzej Kacper Krzysztof Łukasz Marcin Michał Paweł Przemysław Szymon Wojciech",
           "Biel Bor Czar Dąbr Dud Gór Jabłoń Jan Kamiń Kowal Koz Krawcz Lewand Maj Now Olsz Paw Sieradz Szcz Szymań Woj Wróbl "
           "Zieliń Żak",
           "ski/ska ecki/ecka owski/owska ewicz czyk ak ek owicz"),
    "ro": (8, "Adriana Alexandra Ana Camelia Cristina Daniela Elena Gabriela Ioana Larisa Mihaela Ramona Roxana Ștefania",
           "Adrian Alin Bogdan Cătălin Ciprian Constantin Cosmin Dragoș Florin Gheorghe Ionuț Marius Răzvan Sorin Vlad",
           "Alb Bărb Buc Căl Cioc Cojoc Dobr Dum Gheorgh Iones Lup Mold Mun Năst Pop Rus Stan Șerb Țig Ung Voic",
           "escu anu aru eanu oiu ea"),
    "vi": (10, "An Ánh Bích Châu Diễm Dung Giang Hà Hạnh Hoa Hồng Huệ Hương Lan Liên Linh Loan Mai My Ngọc Nhung Phương Quỳnh "
               "Thảo Thanh Thu Thủy Trang Trinh Tuyết Uyên Vân Xuân Yến",
           "Anh Bảo Bình Chiến Cường Đại Dũng Đức Hải Hiếu Hòa Hùng Huy Khánh Khoa Kiên Long Minh Nam Nghĩa Phát Phong Phúc "
           "Quân Quang Sơn Tài Tâm Thắng Thành Thiện Tiến Toàn Trung Tuấn Việt Vinh",
           "Nguyễn Trần Lê Phạm Hoàng Huỳnh Phan Vũ Võ Đặng Bùi Đỗ Hồ Ngô Dương Lý Đinh Đoàn Mạc Tạ Trịnh Lương Cao Châu",
           ""),
    "de": (6, "Annika Charlotte Emilia Franziska Greta Jule Katharina Lena Leonie Marlene Pauline Sophie",
           "Benedikt Christoph Felix Friedrich Jannik Jürgen Konrad Leon Matthias Moritz Niklas Sebastian Tobias",
           "Bach Berg Böhm Brand Eich Fisch Groß Hart Hof Jung Kauf Krüg Lang Lind Mühl Neu Schm Schn Schr Schw Stein Wagn "
           "Wein Zimm",
           "er mann meier bauer stein feld hofer ler ing lein"),
    "el": (3, "Aikaterini Dimitra Eleni Georgia Ioanna Konstantina Maria Paraskevi Vasiliki Zoi",
           "Alexandros Christos Dimitrios Georgios Ioannis Konstantinos Nikolaos Panagiotis Spyridon Stavros",
           "Alex Anagnost Christ Dimitr Georg Ioann Kara Kats Konst Mark Nikol Oikonom Papa Petr Stav Theo Vas Xen",
           "opoulos/opoulou akis/aki idis/idou ou iadis/iadou atos/atou"),
    "tr": (4, "Ayşe Azra Defne Elif Emine Fatma Hatice Irmak Merve Özlem Şeyma Zeynep",
           "Ahmet Burak Çağlar Emre Furkan Hüseyin İbrahim Kerem Mehmet Mustafa Ömer Şahin Yiğit",
           "Ak Arsl Ayd Can Çel Dem Doğ Erd Gün Kap Kay Koç Öz Pol Şah Taş Tür Yıld Yıl",
           "an in ik ir soy türk lu kan maz oğlu dağ baş"),
    "yo": (6, "Abimbola Adaeze Amaka Blessing Chiamaka Esther Folake Ifeoma Joy Ngozi Osas Precious Temitope Uche",
           "Adebayo Babatunde Chidi Chukwuemeka Emeka Femi Ikenna Kelechi Obinna Oluwaseun Osagie Segun Tunde",
           "Ade Afo Aghe Aje Akin Balo Chukw Ede Ehi Eze Igbin Iyam Ndu Nwa Obi Ogun Oka Oko Olu Omo Onye Osa Uzo",
           "bayo deji dion emeka lola mide nkwo nosa oma ruwa sanya tola wale yemi zuigbo"),
}
# Latin and Arabic spellings of names that have both.
ARABIC = {
    "female": "Aisha عائشة|Amal أمل|Amina أمينة|Asma أسماء|Dalal دلال|Fatima فاطمة|Hanan حنان|Huda هدى|Iman إيمان|Khadija خديجة|"
              "Layla ليلى|Mariam مريم|Maryam مريم|Nadia نادية|Noor نور|Rania رانيا|Reem ريم|Salma سلمى|Samira سميرة|Zainab زينب",
    "male": "Abdullah عبدالله|Adnan عدنان|Ahmed أحمد|Ali علي|Anwar أنور|Bilal بلال|Faisal فيصل|Hamza حمزة|Hassan حسن|Hussein حسين|"
            "Ibrahim إبراهيم|Ismail إسماعيل|Khaled خالد|Mahmoud محمود|Mohammed محمد|Muhammad محمد|Mustafa مصطفى|Nasser ناصر|"
            "Omar عمر|Rashid رشيد|Saleh صالح|Samir سمير|Tariq طارق|Walid وليد|Yousef يوسف|Zaid زيد",
    "family": "Abbas عباس|Abdi عبدي|Ahmadi أحمدي|Al-Ahmad الأحمد|Al-Ali العلي|Al-Hamad الحمد|Al-Hassan الحسن|Al-Jaber الجابر|"
              "Al-Khatib الخطيب|Al-Masri المصري|Al-Najjar النجار|Al-Omari العمري|Al-Rashid الراشد|Al-Saleh الصالح|"
              "Al-Tamimi التميمي|Al-Zahrani الزهراني|Amin أمين|Awad عوض|Aziz عزيز|Barakat بركات|Darwish درويش|Farah فرح|"
              "Ghanem غانم|Habib حبيب|Haddad حداد|Hakimi حكيمي|Hamdan حمدان|Haidari حيدري|Ibrahimi إبراهيمي|Jafari جعفري|"
              "Kabbani قباني|Karimi كريمي|Khalil خليل|Khoury خوري|Mansour منصور|Mousa موسى|Mubarak مبارك|Nasiri نصيري|"
              "Nazari نظري|Othman عثمان|Qasim قاسم|Rahimi رحيمي|Ramadan رمضان|Saeed سعيد|Sabbagh صباغ|Salim سليم|"
              "Shaheen شاهين|Sharif شريف|Sultani سلطاني|Suleiman سليمان|Tawfiq توفيق|Yasin ياسين|Younis يونس|Zidan زيدان",
}
ARABIC_WEIGHT = 12

# Latin to Cyrillic, longest first: the Ukrainian and Russian systems of passports read backwards.
CYRILLIC = [pair.split() for pair in (
    "shch щ|zgh зг|kh х|zh ж|ch ч|sh ш|ts ц|yu ю|iu ю|ya я|ia я|ye є|ie є|yi ї|yo ё|a а|b б|c к|d д|e е|f ф|g г|h г|i и|"
    "j й|k к|l л|m м|n н|o о|p п|q к|r р|s с|t т|u у|v в|w в|x кс|y й|z з").split("|")]
# Latin to Arabic as foreign names are written: every vowel that is heard long.
TO_ARABIC = [pair.split() for pair in (
    "shch شتش|sch ش|sh ش|ch تش|kh خ|gh غ|th ث|zh ج|ts تس|ph ف|oo و|ou و|ee ي|a ا|b ب|c ك|d د|e ي|f ف|g غ|h ه|i ي|j ج|k ك|"
    "l ل|m م|n ن|o و|p ب|q ق|r ر|s س|t ت|u و|v ف|w و|x كس|y ي|z ز").split("|")]
LETTERS = str.maketrans({"ß": "ss", "ø": "o", "æ": "ae", "đ": "d", "ł": "l", "ı": "i"})


def plain(text):
    """Without marks, in lower case."""
    marked = unicodedata.normalize("NFD", text.lower().translate(LETTERS))
    return "".join(letter for letter in marked if not unicodedata.combining(letter))


def spelled(text, table):
    out, rest = "", plain(text)
    while rest:
        for latin, other in table:
            if rest.startswith(latin):
                out, rest = out + other, rest[len(latin):]
                break
        else:
            out, rest = out + (rest[0] if rest[0] in " -" else ""), rest[1:]
    return out


def cyrillic(text):
    return spelled(text, CYRILLIC).title()


class Register:
    def __init__(self, seed):
        self.random = random.Random(seed)
        self.languages = [*POOLS, "ar"]
        self.weights = [POOLS[it][0] for it in POOLS] + [ARABIC_WEIGHT]
        self.arabic = {}
        self.arabs = {}
        for part, pairs in ARABIC.items():
            both = [pair.rsplit(" ", 1) for pair in pairs.split("|")]
            self.arabs[part] = [latin for latin, _ in both]
            self.arabic.update(both)

    def some(self, all_of):
        """The first are common, the last are rare."""
        return all_of[min(int(self.random.expovariate(2.2) * len(all_of) / 2), len(all_of) - 1)] \
            if self.random.random() < 0.5 else self.random.choice(all_of)

    def name(self, sex):
        language = self.random.choices(self.languages, self.weights)[0]
        if language == "ar":
            family = self.some(self.arabs["family"])
            if self.random.random() < 0.6:
                # A grandfather's name as the family name.
                family = self.some(self.arabs["male"])
            return language, self.some(self.arabs[sex]), family
        _, female, male, begins, ends = POOLS[language]
        given = self.some((female if sex == "female" else male).split())
        if language == "vi":
            middle = self.random.choice("Thị Văn Ngọc Minh Thanh Quốc Kim Hữu Đức Thu Hoài Gia".split())
            return language, f"{middle} {given}", self.some(begins.split())
        if self.random.random() < 0.08:
            given += self.random.choice(" -") + self.some((female if sex == "female" else male).split())
        end = self.random.choice(ends.split()).split("/")
        return language, given, self.some(begins.split()) + end[-1 if sex == "female" else 0]

    def child(self):
        sex = self.random.choice(["female", "male"])
        language, given, family = self.name(sex)
        # More of them are nearly grown up.
        span = (YOUNGEST - OLDEST).days
        born = OLDEST + timedelta(days=int(span * self.random.betavariate(1.2, 2)))
        it = {"given": given, "family": family, "born": born.isoformat(), "sex": sex}
        if self.random.random() < 0.03:
            it["sex"] = "unknown"
        if self.random.random() < OWN_SCRIPT:
            if language in ("uk", "ru"):
                it = it | {"given": cyrillic(given), "family": cyrillic(family)}
            elif language == "ar":
                it = it | {"given": self.arabic[given], "family": self.arabic[family]}
        return it

    def in_arabic(self, text):
        return self.arabic.get(text) or spelled(text, TO_ARABIC)

    def mistyped(self, text):
        place = self.random.randrange(len(text))
        letter = self.random.choice("abcdefghijklmnopqrstuvwxyz")
        kind = self.random.choice(["other", "missing", "more", "turned"])
        if kind == "other":
            return text[:place] + letter + text[place + 1:]
        if kind == "missing" and len(text) > 2:
            return text[:place] + text[place + 1:]
        if kind == "turned" and place + 1 < len(text):
            return text[:place] + text[place + 1] + text[place] + text[place + 2:]
        return text[:place] + letter + text[place:]

    def altered(self, it):
        """One way in which the same child is entered differently."""
        ways = ["one_edit", "two_edits", "swapped_parts", "day_beside"]
        born = date.fromisoformat(it["born"])
        if born.day <= 12 and born.day != born.month:
            ways.append("day_and_month")
        if plain(it["given"] + it["family"]).isascii():
            ways += ["cyrillic", "arabic"]
        way = self.random.choice(ways)
        it = dict(it)
        if way.endswith(("edit", "edits")):
            for _ in range(1 if way == "one_edit" else 2):
                part = self.random.choice(["given", "family"])
                it[part] = self.mistyped(it[part])
        elif way == "swapped_parts":
            it["given"], it["family"] = it["family"], it["given"]
        elif way == "cyrillic":
            it["given"], it["family"] = cyrillic(it["given"]), cyrillic(it["family"])
        elif way == "arabic":
            it["given"], it["family"] = self.in_arabic(it["given"]), self.in_arabic(it["family"])
        elif way == "day_beside":
            it["born"] = (born + timedelta(days=self.random.choice([-1, 1]))).isoformat()
        else:
            it["born"] = born.replace(month=born.day, day=born.month).isoformat()
        return way, it


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--children", type=int, default=5000)
    arguments.add_argument("--questions", type=int, default=1000)
    arguments.add_argument("--seed", type=int, default=1)
    given = arguments.parse_args()
    register = Register(given.seed)
    children = []
    for number in range(given.children):
        children.append(register.child())
        print(json.dumps({"child": number, **children[-1]}, ensure_ascii=False))
    for _ in range(given.questions):
        if register.random.random() < UNKNOWN:
            print(json.dumps({"asked": True, "altered": "unknown", **register.child()}, ensure_ascii=False))
            continue
        number = register.random.randrange(len(children))
        way, it = "none", children[number]
        if register.random.random() < ALTERED:
            way, it = register.altered(it)
        print(json.dumps({"asked": True, "of": number, "altered": way, **it}, ensure_ascii=False))


if __name__ == "__main__":
    main()
