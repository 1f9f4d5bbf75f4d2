"""Words that questions are made of, by what they do in a sentence."""

from __future__ import annotations

from bot.query.tokens import word_set

NAME_WORDS = word_set("the a an of & and or our my to")
"""Small words that may stand inside a name: they do not end it."""

STOP = NAME_WORDS | word_set("""
    i we you me us your their they them he she it its it's i'd i'm we'd let's lets show list give get find
    fetch pull send see view display tell print look want wanna like need search download dump bring export
    share return open check know looking please pls plz thanks thank thx cheers hi hey hello dear ok okay so
    well also then now again just only actually can could would will shall do does did should might must
    have has had was were be been being is are am there here that which who whom whose what when where how's
    what's whats these those this such some any all everything entire whole full total overall both either
    with for from in on by as about call calls called conversation conversations convo convos chat chats
    session sessions history log logs record records row rows entry entries item items interaction
    interactions dialog dialogs dialogue dialogues phonecall phonecalls lists table csv excel spreadsheet
    sheet file report overview summary data results ones one thing things happened happening happen took
    take taken place made came come coming got started start starting began occurred received handled
    elevenlabs account workspace much many and/or plus but yet callers customers people customer caller
    client clients instead same rather sorry ever anything something someone anyone im ich bitte too ids
    handle handles everyone everybody
    """)
"""Known words of English sentences; on their own they change nothing."""
_STOP_PHRASES = """
    so far, sip call id, sip id, call sid, twilio sid, call id, twilio call sid, as well, as a csv, a list
    of, how about, what about, and what about, to date, can you, could you, would you, i want, i would
    like, i'd like, give me, show me, there were, were there, of them, of those, of the, in total, all of,
    all the, right now, at all, thank you, up to now, until now, till now, in the, and then, may i, may
    we, may have, may be, in csv, in a file, do we have, did we have, have we had, with ids, with their
    ids, with call ids, call ids, conversation ids, conversation id, and ids, each of, every call, every
    conversation, each call, each conversation, every single call, every single conversation, the complete
    list, complete list, complete csv, complete file, how many times, every one, nothing but, none but, no
    one but, nobody but, only if, in advance, as soon as possible, if possible, if you can, when you can,
    good morning, good afternoon, good evening, good day, thanks in advance, thank you in advance, many
    thanks, by any chance, hey team, hi team, hello team, send to us, send us, give us, give to us, show
    us, show to us, get us, send to me, so high, so low, so bad
"""
STOP_PHRASES = tuple(tuple(phrase.split()) for phrase in _STOP_PHRASES.split(","))
"""Words that say nothing together."""
_CLEARED = {
    "agent": "agent agents assistants",
    "result": "result results outcome outcomes",
    "time": "time times dates date day days",
    "lang": "language languages",
    "source": "source sources channel channels",
    "direction": "direction directions",
    "status": "status statuses",
    "duration": "duration durations length lengths",
    "rating": "rating ratings",
    "tool": "tool tools",
    "tag": "tag tags",
    "user": "user users",
    "search": "text",
}
CLEARING: dict[tuple[str, ...], str] = {
    (any_of, noun): key
    for key, nouns in _CLEARED.items()
    for noun in nouns.split()
    for any_of in ("any", "all", "every", "whatever", "whichever")
} | {
    (*idle, noun): key
    for key, nouns in _CLEARED.items()
    for noun in nouns.split()
    for idle in (("regardless", "of"), ("irrespective", "of"), ("whatever", "the"))
}
"""Words that say a filter is not wanted: they change nothing in a new question and undo it in a follow-up."""
CALL_NOUNS = word_set("call calls conversation conversations convo convos")
"""What a list is of: it ends a topic, and is none."""
NO_TOPIC = word_set("""
    it its it's this that these those them they he she me us you your we i all any every each some both either
    everything anything something someone anyone what which who whom whose when where there here how
    the a an our my of and or please thanks now then csv excel
    """)
"""Words that are nothing to talk about, nor a name by a capital letter alone."""
ENDS_NAME = STOP - NAME_WORDS
"""Words that end an unquoted name."""
WHOLE_LIST = CALL_NOUNS | word_set("""
    chat chats session sessions phonecall phonecalls dialog dialogs dialogue dialogues interaction
    interactions history log logs record records row rows entry entries item items results data
    all everything anything any every entire whole full total overall
    show list lists give get find fetch pull send see view display print search download dump bring export
    table csv excel spreadsheet sheet file report overview summary ids
    """)
"""Words that alone ask for every conversation; other words that say nothing are no question at all."""
NEGATIONS = word_set(
    "not neither nor without except excepting excluding exclude omit omitting ignore ignoring skip skipping "
    "non no never isn't aren't wasn't weren't didn't doesn't don't minus barring"
)
UNIVERSAL = word_set("all every each any everything anything everyone everybody anyone anybody whole entire")
"""Words after which “but” takes away: “all calls but the German ones”."""
EXCEPTING = frozenset({"but", "save", "bar"})
RESTRICTING = word_set("only just not without never also please no")
"""Words after which a “but” takes nothing away by itself."""
CONTRASTS = frozenset({("instead", "of"), ("rather", "than")})
"""“X instead of Y” asks for X."""
NOISE = word_set("""
    team bot folks guys asap urgent urgently kindly fyi btw yall y'all everyone buddy mate pal
    """)
"""Words that change nothing where nothing else claims them, as a part of a name would."""
PRONOUNS = word_set("us it me him her them he she they")
"""After “from”, “to” and “in”, or in capitals among small letters, these are places or names."""
SENDING = word_set("send give show forward tell mail email get bring")
SIGNS = frozenset({"-", "−", "!"})  # noqa: RUF001 - what phones type
"""What glued to a word means "not", as before a key."""
OTHER_THAN = frozenset({("other", "than"), ("apart", "from"), ("aside", "from")})
BEFORE_TIME = word_set("since until till before after between during within starting beginning through")
"""Words that only introduce a time: of "since yesteday" the second is what was not understood."""
FROM_THE_END = word_set("last latest newest recent one")
FROM_THE_START = word_set("first oldest earliest")
ONE_CALL = word_set("call conversation chat session one")
JOINERS = {"or": "or", "nor": "or", "and": "and", "&": "and", "and/or": "or", "plus": "and"}
