"""Tables about names: which last labels end a host name, and which programs take one."""

from typing import Final

COUNTRIES: Final = frozenset(
    (
        "ac ad ae af ag ai al am ao aq ar as at au aw ax az ba bb bd be bf bg bh bi bj bm bn bo br bs bt bw by bz ca "
        "cc cd cf cg ch ci ck cl cm cn co cr cu cv cw cx cy cz de dj dk dm do dz ec ee eg er es et eu fi fj fk fm fo "
        "fr ga gd ge gf gg gh gi gl gm gn gp gq gr gs gt gu gw gy hk hm hn hr ht hu id ie il im in io iq ir is it je "
        "jm jo jp ke kg kh ki km kn kp kr kw ky kz la lb lc li lk lr ls lt lu lv ly ma mc md me mg mh mk ml mm mn mo "
        "mp mq mr ms mt mu mv mw mx my mz na nc ne nf ng ni nl no np nr nu nz om pa pe pf pg ph pk pl pm pn pr ps pt "
        "pw py qa re ro rs ru rw sa sb sc sd se sg sh si sj sk sl sm sn so sr ss st su sv sx sy sz tc td tf tg th tj "
        "tk tl tm tn to tr tt tv tw tz ua ug uk us uy uz va vc ve vg vi vn vu wf ws ye yt za zm zw"
    ).split()
)
"""Country-code top-level domains. Source: ISO 3166-1 alpha-2, with `ac`, `eu`, `su`, `uk`."""

GENERIC: Final = frozenset(
    (
        "com net org edu gov mil int biz info name pro aero coop museum mobi asia tel jobs cat travel post xyz "
        "online site tech store shop cloud app dev page live life world today space website club fun top icu vip work "
        "agency digital network systems solutions services media news blog wiki zone team group email company "
        "international academy careers finance bank money exchange trade market capital fund health care clinic "
        "energy software codes computer technology security host hosting download stream games chat social studio "
        "design art photo video audio music film link click one win bid loan review science party racing date faith "
        "cricket accountant support center city global plus run rest rocks cool ninja guru expert tips tools training "
        "university institute foundation community partners direct delivery events express limited llc ltd inc gmbh "
        "berlin london paris tokyo nyc wien hamburg amsterdam moscow istanbul zip mov onion"
    ).split()
)
"""Generic top-level domains in wide use: a selection, since most of the 1,400 are hardly seen. `onion`: RFC 7686."""

INTERNAL_SUFFIXES: Final = frozenset(
    "internal local lan corp intranet intern private home localdomain home.arpa".split()
)
"""Last labels of names that no public resolver answers. Source: RFC 6762 (`local`, and appendix G: `intranet`,
`internal`, `private`, `corp`, `home`, `lan`), RFC 8375 (`home.arpa`), ICANN resolution 2024.07.29.06 (`internal`)."""

AMBIGUOUS: Final = frozenset(
    (
        # file name extensions
        "py sh md rs pl ps so cc ml mk tf st zip mov ai cl pm vi hs gz bz js ts la ad am as mo ms do app pro pub la "
        # names of members, of methods and of variables, and short English words
        "id is in it to at be by my me no so us am an as do go he if of on or up we io in info name host link run "
        "date email media video audio music photo post page live work site store group team tools rest click one top "
        "win world world events network services security support center code codes software systems design blog "
        "news wiki chat social stream download market fund trade exchange review science art film fun games int dev "
        "cat tel jobs travel health care energy computer company community direct delivery express global plus city "
        "space today life zone club party bid loan money bank finance capital digital studio tips training domain "
        "private home intern club faith racing cool guru expert limited partners agency vip foundation institute "
        "technology solutions hosting website academy university careers accountant clinic international "
        # units, columns of tables, parts of dates
        "cm mm km kg gb mb ms ns pm tr td th li hr br sc sd sr er gt lt ge le ne eq re va ls cd cf mp mv ps sv tm tv "
        "bs gs im ki ma mc mg mh mr mt mu na nc nf nr nu om pa pf pn pr pw qa sb sl sm sn ss st sx sy sz tc tk tl "
        "bb bf bi bj bm bn bo bt bw bz cg ci ck cr cv cw cx ec et ev fm fo ga gd gf gi gl gm gn gp gq gu gw gy hm hn "
        "ht io je jm kh km kn kp kw ky lb lc lr ly mn mq mw mz ni np pe pg sj so tg tj tn tt ug uz vc ve vg vu wf ws "
        "ye yt zm zw al ag af ao aq aw ax az ba bh dj dm fk fj ie ee lu lv mw"
    ).split()
)
"""Top-level domains and internal suffixes that also end file names and chains of members (`build.sh`, `self.id`,
`log.info`): a name with one of them counts only in a URL, after `@`, or as a host that a program is told."""

BARE_SUFFIXES: Final = (COUNTRIES | GENERIC) - AMBIGUOUS
"""Top-level domains that make a dotted name a domain wherever it stands."""

PUBLIC_SUFFIXES: Final = COUNTRIES | GENERIC

OBJECTS: Final = frozenset(
    "self this cls super env settings config options opts args ctx module exports process window document local".split()
)
"""Names of objects and of settings: `self.local` and `settings.local` are members or files, not hosts."""

FILE_SUFFIXES: Final = frozenset("py sh md rs pl ps so cc ai zip mov tf st ml mk gz js ts cl pm hs la do as am".split())
"""Top-level domains that are far more often a file's extension: even a program's word with one is no host."""

COMMON_HOSTS: Final = frozenset(
    (
        "localhost localhost.localdomain localhost4 localhost6 host.docker.internal gateway.docker.internal broadcasthost "
        "ip6-localhost ip6-loopback ip6-allnodes ip6-allrouters asp.net ado.net vb.net"
    ).split()
)
"""Names of the machine itself, that every machine has, and of products: never an observable."""

NAME_FIRST: Final = frozenset(
    "ssh sftp mosh ssh-copy-id ssh-keyscan telnet nc ncat netcat ping ping6 fping traceroute tracepath nslookup".split()
)
"""Programs whose first word that is no option is the host, also a single label."""

NAME_AMONG: Final = frozenset(
    (
        "scp rsync mtr dig host whois nmap masscan rustscan curl wget httpx nikto nuclei ffuf gobuster smbclient smbmap "
        "rpcclient enum4linux enum4linux-ng ldapsearch ldapwhoami nxc netexec crackmapexec evil-winrm xfreerdp rdesktop "
        "psql mysql mysqldump redis-cli mongosh openssl socat hydra snmpwalk showmount psexec wmiexec smbexec atexec "
        "dcomexec secretsdump GetUserSPNs GetNPUsers GetADUsers lookupsid getST getTGT mssqlclient "
        "bloodhound-python certipy certipy-ad bloodyad kerbrute"
    ).split()
)
"""Programs that name a remote host somewhere among their words or after `-h`."""

URL_PROGRAMS: Final = frozenset("curl wget httpx nikto nuclei ffuf gobuster".split())
"""Programs whose host mostly stands in a URL, which is found as one."""

REMOTE_PROGRAMS: Final = NAME_FIRST | NAME_AMONG

SERVICE_PORTS: Final = (
    "21 22 23 25 53 80 81 88 110 111 135 139 143 389 443 445 464 465 514 587 593 636 873 993 995 1025 1080 1433 1521 "
    "1883 2049 2181 2222 2375 2376 2379 3000 3001 3128 3268 3269 3306 3389 4000 4200 4369 4443 4444 4505 5000 5001 "
    "5044 5060 5173 5432 5601 5672 5900 5984 5985 5986 6379 6443 7001 7474 8000 8001 8008 8080 8081 8086 8088 8123 "
    "8161 8200 8443 8500 8834 8888 9000 9001 9042 9090 9092 9100 9200 9300 9389 9418 9443 9999 10000 10250 11211 "
    "15672 25565 27017 50000 61616"
).split()
"""Ports of services (IANA's registry and common practice) after which a name before the colon is taken for a host."""

NO_HOSTS: Final = frozenset(
    (
        "the a an to into from on in of for with and or is are was it this that your my our its via over at by as be "
        "http https tcp udp port ports line lines localhost key keys config connection connections command agent server "
        "client host hosts user access session tunnel password login failed error version help test if not then only "
        "scan report done ok all any add sha256 sha1 md5 url uri address ip width height size time latest stable lts main "
        "master head next beta system path target username remote hostname rsa ed25519 ecdsa dsa endpoint endpoints sweep "
        "private public service services testing analysis results hash sessions"
    ).split()
)
"""Words that stand where a host could, in prose and in documentation, and are none."""

COMMON_USERS: Final = frozenset(
    (
        "root admin administrator administrators guest user users git ubuntu debian ec2-user centos kali nobody daemon www-data postgres "
        "mysql redis oracle tomcat jenkins vagrant docker test anonymous anyone system service nt network local me you "
        "username name someone noreply no-reply node app web ftp mail sa dev deploy krbtgt domain vscode runner"
    ).split()
)
"""Accounts that every system or every example has: the name alone says nothing about who."""

NO_MAILBOXES: Final = frozenset("openssh.com libssh.org lysator.liu.se".split())
"""Domains that name cryptographic algorithms after an `@` (RFC 4251 section 6)."""

NO_SENDERS: Final = frozenset("git noreply no-reply donotreply".split())
"""Local parts of mailboxes that belong to nobody."""

SCHEME_PORTS: Final = {
    "http": "80", "https": "443", "ws": "80", "wss": "443", "ftp": "21", "ssh": "22", "sftp": "22", "telnet": "23",
    "ldap": "389", "ldaps": "636", "smb": "445", "rdp": "3389", "mysql": "3306", "postgres": "5432",
    "postgresql": "5432", "redis": "6379", "mongodb": "27017", "amqp": "5672", "mssql": "1433", "imap": "143",
    "smtp": "25", "vnc": "5900", "git": "9418", "rsync": "873", "winrm": "5985",
}  # fmt: skip
"""Schemes of services in a network, with the port that goes without saying. Source: IANA's registries."""

MORE_SCHEMES: Final = frozenset(
    "ftps imaps smtps pop3 pop3s mongodb+srv rediss git+ssh svn+ssh nfs mqtt mqtts socks5 socks5h socks4 tcp udp tls ntlm rtsp gopher dict tftp jdbc amqps sqlserver mariadb rtmp".split()
)
"""Other schemes that name a host."""
