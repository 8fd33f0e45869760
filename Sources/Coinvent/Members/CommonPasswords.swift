/// The passwords of eight characters and more that lead every published list of leaked ones.
enum CommonPasswords {
  static func contains(_ password: String) -> Bool { list.contains(password.lowercased()) }

  private static let list = Set(
    """
    password password1 password12 password123 password1234 passw0rd p@ssw0rd p@ssword pa55word \
    12345678 123456789 1234567890 12345678910 123123123 12341234 11111111 111111111 1111111111 \
    00000000 000000000 0000000000 22222222 33333333 44444444 55555555 66666666 77777777 88888888 \
    99999999 87654321 987654321 9876543210 11223344 112233445566 12121212 13131313 147258369 \
    123454321 123321123 1q2w3e4r 1q2w3e4r5t 1q2w3e4r5t6y 1qaz2wsx 1qaz2wsx3edc zaq12wsx q1w2e3r4 \
    qwertyui qwertyuiop qwerty12 qwerty123 qwerty1234 qwerty12345 qwertz123 azertyuiop azerty123 \
    asdfghjk asdfghjkl asdf1234 asdfasdf zxcvbnm1 zxcvbnm123 qazwsxedc qweasdzxc qweqweqwe \
    abcdefgh abcdefghi abcd1234 abc12345 abc123456 a1234567 a12345678 a123456789 aa123456 \
    aa12345678 \
    iloveyou iloveyou1 iloveyou2 sunshine sunshine1 princess princess1 football football1 \
    baseball baseball1 basketball superman superman1 batman123 starwars whatever trustno1 \
    computer computer1 internet michelle jennifer jessica1 victoria charlie1 michael1 jordan23 \
    liverpool liverpool1 chelsea1 arsenal1 barcelona realmadrid pokemon1 welcome1 welcome123 \
    letmein1 letmein123 admin123 admin1234 administrator changeme changeme1 changeme123 default1 \
    master123 dragon123 monkey123 shadow123 hello123 helloworld testtest test1234 test12345 \
    secret123 google123 facebook samsung1 corvette mustang1 mercedes hardcore midnight cocacola \
    babygirl babygirl1 lovelove loveyou1 ilovegod jesuschrist blink182 creative scorpion panther1 \
    elephant einstein startrek marlboro danielle nicholas benjamin alexander butterfly chocolate \
    snowball december november september october1 februar1 summer2020 summer2021 summer2022 \
    winter2020 winter2021 winter2022 spring2021 autumn2021 coinvent coinvent1 coinvent123
    """.split(separator: " ").map(String.init))
}
