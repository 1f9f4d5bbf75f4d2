// The shortcodes that people and bots use most. Unknown ones stay as they were typed.

const TABLE = `
smile:😄 grinning:😀 joy:😂 slightly_smiling_face:🙂 wink:😉 blush:😊 heart_eyes:😍 thinking_face:🤔 neutral_face:😐 sob:😭 cry:😢
rage:😡 sunglasses:😎 confused:😕 open_mouth:😮 robot_face:🤖 partying_face:🥳 wave:👋 raised_hands:🙌 clap:👏 pray:🙏 muscle:💪 eyes:👀
+1:👍 thumbsup:👍 -1:👎 thumbsdown:👎 point_right:👉 heart:❤️ sparkles:✨ star:⭐ fire:🔥 tada:🎉 100:💯 zap:⚡ white_check_mark:✅
heavy_check_mark:✔️ x:❌ warning:⚠️ no_entry:⛔ question:❓ exclamation:❗ information_source:ℹ️ bulb:💡 bell:🔔 no_bell:🔕 red_circle:🔴
large_green_circle:🟢 large_yellow_circle:🟡 large_orange_circle:🟠 white_circle:⚪ telephone_receiver:📞 phone:☎️ iphone:📱 headphones:🎧
microphone:🎤 sound:🔉 mute:🔇 speech_balloon:💬 mega:📣 mag:🔍 hourglass:⌛ hourglass_flowing_sand:⏳ stopwatch:⏱️ alarm_clock:⏰
calendar:📅 page_facing_up:📄 clipboard:📋 memo:📝 bar_chart:📊 chart_with_upwards_trend:📈 chart_with_downwards_trend:📉 link:🔗 lock:🔒
key:🔑 gear:⚙️ wrench:🔧 floppy_disk:💾 moneybag:💰 credit_card:💳 rocket:🚀 house:🏠 globe_with_meridians:🌐 arrow_right:➡️ repeat:🔁
arrows_counterclockwise:🔄 rotating_light:🚨 label:🏷️ ticket:🎫 wastebasket:🗑️ coffee:☕ snail:🐌 bug:🐛 trophy:🏆 dart:🎯
`;

const BY_NAME = new Map(TABLE.trim().split(/\s+/).map((entry) => {
  const at = entry.lastIndexOf(":");
  return [entry.slice(0, at), entry.slice(at + 1)];
}));

/** The character of a shortcode without colons, or null. */
export const emoji = (name) => BY_NAME.get(String(name).split("::")[0]) ?? null;
