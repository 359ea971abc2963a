"""The tables of the local chat's own file. Instants are UTC epoch milliseconds."""

APPLICATION_ID = 0x504C4348

_1 = """
CREATE TABLE chats (
    id INTEGER PRIMARY KEY,
    title TEXT,
    migrated_to INTEGER,
    left_at INTEGER
) STRICT;
CREATE TABLE users (
    id INTEGER PRIMARY KEY,
    first_name TEXT NOT NULL,
    last_name TEXT,
    username TEXT,
    language_code TEXT
) STRICT;
CREATE TABLE files (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL,
    mime TEXT NOT NULL,
    size INTEGER NOT NULL,
    body BLOB NOT NULL
) STRICT;
CREATE TABLE messages (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    seq INTEGER NOT NULL UNIQUE,
    chat_id INTEGER NOT NULL REFERENCES chats,
    sender INTEGER REFERENCES users,
    kind TEXT NOT NULL CHECK (kind IN ('text', 'document', 'photo')),
    text TEXT NOT NULL,
    entities TEXT NOT NULL,
    markup TEXT,
    file_id INTEGER REFERENCES files,
    reply_to INTEGER,
    forward TEXT,
    sent_at INTEGER NOT NULL,
    edited_at INTEGER,
    deleted_at INTEGER
) STRICT;
CREATE INDEX messages_chat ON messages (chat_id, seq);
CREATE INDEX messages_shown ON messages (chat_id, id) WHERE deleted_at IS NULL;
CREATE TABLE updates (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL,
    chat_id INTEGER NOT NULL,
    message_id INTEGER NOT NULL,
    at INTEGER NOT NULL,
    body TEXT NOT NULL
) STRICT;
CREATE INDEX updates_at ON updates (at);
CREATE INDEX updates_chat ON updates (chat_id, message_id) WHERE kind = 'message';
CREATE TABLE presses (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    chat_id INTEGER NOT NULL,
    message_id INTEGER NOT NULL,
    at INTEGER NOT NULL,
    answer TEXT
) STRICT;
CREATE TABLE commands (
    scope TEXT NOT NULL,
    language TEXT NOT NULL,
    commands TEXT NOT NULL,
    PRIMARY KEY (scope, language)
) STRICT, WITHOUT ROWID;
CREATE TABLE profile (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
"""

_2 = """
ALTER TABLE chats ADD COLUMN admin INTEGER NOT NULL DEFAULT 0;
ALTER TABLE messages ADD COLUMN service TEXT;
"""


def migrations(now: int) -> tuple[str, ...]:
    """The schema's versions.

    A new file counts updates from its birth in seconds, above every id that an older file gave out: a bot that has seen
    those would take low ones for repeats.
    """
    return (_1, f"INSERT INTO sqlite_sequence (name, seq) VALUES ('updates', {now // 1_000});", _2)
