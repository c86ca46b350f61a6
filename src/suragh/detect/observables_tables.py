"""Tables about paths: what every system, every home and every project has, and what files of loot are called."""

import re
from typing import Final

SYSTEM_WINDOWS: Final = (
    "\\windows\\system32", "\\windows\\syswow64", "\\windows\\sysvol", "\\windows\\ntds", "\\windows\\microsoft.net",
    "\\windows\\system", "\\windows\\winsxs", "\\program files", "\\program", "\\programdata\\microsoft", "\\windows\\explorer",
    "\\windows\\panther", "\\windows\\inf", "\\windows\\servicing", "\\users\\public", "\\users\\default", "\\inetpub\\wwwroot",
)  # fmt: skip
"""Folders that every Windows has, without the drive; `\\windows\\temp` is not among them: programs put files there."""

WELL_KNOWN_ETC: Final = frozenset(
    (
        "passwd shadow group gshadow hosts hostname fstab mtab issue motd profile services protocols networks sudoers "
        "crontab environment timezone localtime resolv.conf nsswitch.conf os-release lsb-release debian_version "
        "redhat-release krb5.conf exports sysctl.conf bashrc bash.bashrc inputrc shells login.defs host.conf hosts.allow "
        "hosts.deny ld.so.conf ld.so.cache locale.gen machine-id my.cnf php.ini vimrc zshrc wgetrc rc.local inittab smb.conf "
        "modules mime.types ntp.conf rsyslog.conf samba"
    ).split()
)
WELL_KNOWN_FOLDERS: Final = (
    "/etc/ssh/", "/etc/ssl/", "/etc/apt/", "/etc/nginx/", "/etc/apache2/", "/etc/httpd/", "/etc/systemd/", "/etc/pam.d/",
    "/etc/init.d/", "/etc/cron", "/etc/samba/", "/etc/mysql/", "/etc/postgresql/", "/etc/network", "/etc/sudoers.d",
    "/etc/profile.d", "/etc/security/", "/etc/alternatives/", "/etc/default/", "/etc/docker/", "/etc/kubernetes/",
    "/etc/php", "/etc/yum", "/etc/pki/", "/etc/rc", "/etc/os-release", "/etc/ld.so", "/etc/modprobe", "/etc/udev/",
    "/etc/grub", "/etc/logrotate", "/etc/ca-certificates", "/etc/redis/", "/etc/passwd", "/etc/group", "/etc/shadow",
    "/var/log/", "/var/www/html", "/var/lib/dpkg", "/var/lib/apt", "/var/lib/docker", "/var/lib/mysql", "/var/lib/postgresql",
    "/opt/homebrew/", "/opt/java/", "/opt/hostedtoolcache", "/tmp/.x11-unix",
)  # fmt: skip
"""Folders and files that the distributions and their packages bring (FHS 3.0 and Debian's defaults)."""

WELL_KNOWN_HOME: Final = frozenset(
    (
        ".ssh .ssh/id_rsa .ssh/id_rsa.pub .ssh/id_ed25519 .ssh/id_ed25519.pub .ssh/id_ecdsa .ssh/id_dsa .ssh/authorized_keys "
        ".ssh/known_hosts .ssh/config .aws .aws/credentials .aws/config .kube .kube/config .docker .docker/config.json "
        ".netrc .pgpass .my.cnf .bashrc .bash_history .bash_profile .bash_aliases .zshrc .zsh_history .profile .vimrc .gitconfig "
        ".git-credentials .npmrc .pypirc .config .cache .local .local/bin .local/share .cargo .cargo/bin .cargo/env .rustup "
        ".npm .nvm .claude .codex .gnupg .viminfo .python_history .mysql_history .psql_history .wget-hsts .config/gcloud "
        ".azure desktop documents downloads pictures music videos library go go/bin go/pkg bin src .gemini .cursor"
    ).split()
)
"""Files and folders that many home directories have: who has them is nobody in particular."""

COMMON_HOMES: Final = re.compile(
    r"(?:~[a-z0-9_.-]*|/root|/(?:home|users)/(?:ubuntu|user|node|runner|vscode|ec2-user|kali|debian|admin|app|\.\.\.|xxx|username|you|me|name|root|dev|shared))"
)
LOOT_KINDS: Final = frozenset(
    (
        "txt log out lst csv xml nmap gnmap html ccache kirbi keytab pfx pem crt key kdbx dmp hash hashes ntds sam pcap pcapng cap "
        "zip gz tgz tar rar 7z db sqlite sql dump pot bin dat enc b64 hive save asc cookies jar"
    ).split()
)
"""Extensions of what is taken, noted or scanned; extensions of a project's sources are not among them."""

PLAIN_STEM: Final = re.compile(
    r"(?:test|tests|out|output|results?|log|logs|error|errors|data|file|files|temp|tmp|input|list|users?|usernames?|pass|passwords?|"
    r"passwd|hash|hashes|cookies?|response|requirements|readme|license|changelog|notes?|todo|index|page|body|report|scan|nmap|hosts?|targets?|"
    r"ips|domains?|urls?|wordlist|dump|backup|image|coverage|build|debug|stdout|stderr|foo|bar|key|cert|server|client|ca|a|b|c|x|robots|"
    r"sitemap|headers?|admin|login|home|main|app|jar|cj|r|res|resp)[-_.]?[0-9]{0,3}"
)
"""Names that a thousand people give a file."""
