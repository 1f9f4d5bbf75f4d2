// The shortcodes that people and bots use most. Unknown ones stay as they were typed.

const TABLE = `
smile:😄 smiley:😃 grinning:😀 grin:😁 joy:😂 laughing:😆 sweat_smile:😅 rolling_on_the_floor_laughing:🤣 slightly_smiling_face:🙂
upside_down_face:🙃 wink:😉 blush:😊 heart_eyes:😍 thinking_face:🤔 thinking:🤔 neutral_face:😐 face_with_rolling_eyes:🙄 smirk:😏
sob:😭 cry:😢 angry:😠 rage:😡 sunglasses:😎 nerd_face:🤓 worried:😟 confused:😕 slightly_frowning_face:🙁 white_frowning_face:☹️
open_mouth:😮 scream:😱 sleeping:😴 mask:😷 robot_face:🤖 ghost:👻 partying_face:🥳 star-struck:🤩 face_with_monocle:🧐 shushing_face:🤫
wave:👋 raised_hands:🙌 clap:👏 pray:🙏 muscle:💪 ok_hand:👌 point_right:👉 point_left:👈 point_up:☝️ point_down:👇 eyes:👀
+1:👍 thumbsup:👍 -1:👎 thumbsdown:👎 raised_hand:✋ v:✌️ handshake:🤝 writing_hand:✍️ bust_in_silhouette:👤 busts_in_silhouette:👥
heart:❤️ blue_heart:💙 green_heart:💚 purple_heart:💜 broken_heart:💔 sparkles:✨ star:⭐ star2:🌟 fire:🔥 tada:🎉 100:💯 zap:⚡ boom:💥
white_check_mark:✅ heavy_check_mark:✔️ ballot_box_with_check:☑️ x:❌ heavy_multiplication_x:✖️ warning:⚠️ no_entry:⛔ no_entry_sign:🚫
question:❓ grey_question:❔ exclamation:❗ heavy_exclamation_mark:❗ bangbang:‼️ information_source:ℹ️ sos:🆘 bulb:💡 bell:🔔 no_bell:🔕
red_circle:🔴 large_blue_circle:🔵 large_green_circle:🟢 large_yellow_circle:🟡 large_orange_circle:🟠 white_circle:⚪ black_circle:⚫
large_green_square:🟩 large_red_square:🟥 large_yellow_square:🟨 white_large_square:⬜ black_large_square:⬛
telephone_receiver:📞 phone:☎️ telephone:☎️ iphone:📱 calling:📲 headphones:🎧 microphone:🎤 studio_microphone:🎙️ speaker:🔈
loud_sound:🔊 sound:🔉 mute:🔇 musical_note:🎵 speech_balloon:💬 left_speech_bubble:🗨️ thought_balloon:💭 mega:📣 loudspeaker:📢
mag:🔍 mag_right:🔎 hourglass:⌛ hourglass_flowing_sand:⏳ watch:⌚ stopwatch:⏱️ timer_clock:⏲️ alarm_clock:⏰ clock1:🕐 clock9:🕘
calendar:📅 date:📅 spiral_calendar_pad:🗓️ page_facing_up:📄 page_with_curl:📃 bookmark_tabs:📑 clipboard:📋 memo:📝 pencil:📝 pencil2:✏️
file_folder:📁 open_file_folder:📂 card_index_dividers:🗂️ bar_chart:📊 chart_with_upwards_trend:📈 chart_with_downwards_trend:📉 inbox_tray:📥
outbox_tray:📤 package:📦 email:📧 envelope:✉️ paperclip:📎 pushpin:📌 round_pushpin:📍 link:🔗 lock:🔒 unlock:🔓 key:🔑 shield:🛡️
gear:⚙️ wrench:🔧 hammer:🔨 hammer_and_wrench:🛠️ toolbox:🧰 test_tube:🧪 floppy_disk:💾 computer:💻 desktop_computer:🖥️ keyboard:⌨️
money_with_wings:💸 moneybag:💰 dollar:💵 credit_card:💳 receipt:🧾 rocket:🚀 airplane:✈️ house:🏠 office:🏢 globe_with_meridians:🌐
earth_africa:🌍 earth_americas:🌎 earth_asia:🌏 sunny:☀️ sun_with_face:🌞 cloud:☁️ umbrella:☔ snowflake:❄️ rainbow:🌈 ocean:🌊
arrow_right:➡️ arrow_left:⬅️ arrow_up:⬆️ arrow_down:⬇️ arrow_forward:▶️ arrow_backward:◀️ arrow_up_down:↕️ left_right_arrow:↔️
arrows_counterclockwise:🔄 repeat:🔁 leftwards_arrow_with_hook:↩️ arrow_right_hook:↪️ arrow_lower_right:↘️ arrow_upper_right:↗️
fast_forward:⏩ rewind:⏪ black_square_for_stop:⏹️ double_vertical_bar:⏸️ new:🆕 ok:🆗 up:🆙 free:🆓 cool:🆒 abc:🔤 1234:🔢
one:1️⃣ two:2️⃣ three:3️⃣ four:4️⃣ five:5️⃣ six:6️⃣ seven:7️⃣ eight:8️⃣ nine:9️⃣ keycap_ten:🔟 zero:0️⃣
coffee:☕ pizza:🍕 cake:🍰 beers:🍻 gift:🎁 trophy:🏆 medal:🏅 dart:🎯 game_die:🎲 jigsaw:🧩 crown:👑 gem:💎 seedling:🌱 cactus:🌵 cat:🐱 dog:🐶
bug:🐛 ant:🐜 bee:🐝 snail:🐌 turtle:🐢 unicorn_face:🦄 checkered_flag:🏁 triangular_flag_on_post:🚩 flag-us:🇺🇸 flag-gb:🇬🇧 gb:🇬🇧 us:🇺🇸
flag-de:🇩🇪 de:🇩🇪 flag-fr:🇫🇷 fr:🇫🇷 flag-es:🇪🇸 es:🇪🇸 flag-it:🇮🇹 it:🇮🇹 flag-pl:🇵🇱 flag-pt:🇵🇹 flag-br:🇧🇷 flag-in:🇮🇳 flag-jp:🇯🇵 jp:🇯🇵
house_with_garden:🏡 construction:🚧 traffic_light:🚦 vertical_traffic_light:🚦 rotating_light:🚨 ambulance:🚑 hospital:🏥 pill:💊 label:🏷️
ticket:🎫 scales:⚖️ newspaper:📰 books:📚 book:📖 notebook:📓 ledger:📒 triangular_ruler:📐 scissors:✂️ wastebasket:🗑️ put_litter_in_its_place:🚮
`;

const BY_NAME = new Map(TABLE.trim().split(/\s+/).map((entry) => {
  const at = entry.lastIndexOf(":");
  return [entry.slice(0, at), entry.slice(at + 1)];
}));

/** The character of a shortcode without colons, or null. */
export const emoji = (name) => BY_NAME.get(String(name).split("::")[0]) ?? null;
